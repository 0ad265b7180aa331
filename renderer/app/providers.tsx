import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { styleNonce } from '../lib/browser-policy.ts';
import { ClientContext } from '../lib/client-context.ts';
import type { Client } from '../lib/client.ts';
import { colorSchemeManager } from './color-scheme.ts';
import { cssVariables, theme } from './theme.ts';

interface ProvidersProps {
  readonly client: Client;
  /** `test` draws without transitions and portals. */
  readonly env?: 'default' | 'test';
  readonly children: ReactNode;
}

/** Everything the screens stand on: the way to main, cached answers, theme, notifications. */
export function Providers({ client, env = 'default', children }: ProvidersProps) {
  const [queries] = useState(createQueryClient);
  return (
    <ClientContext value={client}>
      <QueryClientProvider client={queries}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          colorSchemeManager={colorSchemeManager}
          defaultColorScheme="auto"
          getStyleNonce={styleNonce}
          env={env}
        >
          {/* At the right is the button that adds what is written. */}
          <Notifications position="bottom-left" containerWidth={400} transitionDuration={120} />
          {children}
        </MantineProvider>
      </QueryClientProvider>
    </ClientContext>
  );
}

/** Main is on this machine and tells what changes: no retries, no refetching by the clock or on focus, no network check. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
