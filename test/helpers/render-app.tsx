import { notifications } from '@mantine/notifications';
import { cleanup, configure, render } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { VirtuosoMockContext } from 'react-virtuoso';
import { onTestFinished } from 'vitest';
import { App } from '../../renderer/app/app.tsx';
import { Providers } from '../../renderer/app/providers.tsx';
import { createClient } from '../../renderer/lib/client.ts';
import { createFixture, type Fixture, type FixtureOptions } from './fixture-bridge.ts';

export interface RenderedApp extends Fixture {
  readonly user: UserEvent;
  /** The inputs of all calls of one method so far. */
  readonly inputsOf: (method: string) => readonly unknown[];
}

// Other tests may have the processor at the same time.
configure({ asyncUtilTimeout: 10_000 });

/** The test's document has no layout, so that the virtual list is told its sizes; in pixels. */
const layout = { viewportHeight: 800, itemHeight: 50 };

/** The whole window over a fixture vault; taken down when the test ends. */
export function renderApp(options: FixtureOptions = {}, hash = '#/conversations'): RenderedApp {
  window.history.replaceState(null, '', hash);
  const fixture = createFixture(options);
  const user = userEvent.setup();
  render(
    <VirtuosoMockContext value={layout}>
      <Providers client={createClient(fixture.bridge)} env="test">
        <App />
      </Providers>
    </VirtuosoMockContext>,
  );
  onTestFinished(() => {
    // Notifications live outside the window, and would be read by the next test.
    notifications.clean();
    cleanup();
  });
  const inputsOf = (method: string): readonly unknown[] =>
    fixture.calls.filter((call) => call.method === method).map((call) => call.input);
  return { ...fixture, user, inputsOf };
}
