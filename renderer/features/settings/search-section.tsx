import { Button, Progress } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { VaultStatus } from '../../../shared/ipc/models.ts';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod, useMethodMutation } from '../../lib/use-method.ts';
import { Row } from './row.tsx';
import { Section } from './section.tsx';

const texts = strings.settings.search;

/** How far search reaches, and a way to build its index anew. */
export function SearchSection() {
  const { data: status } = useMethod('vault.status', {});
  const rebuild = useMethodMutation('search.rebuild');
  if (!status) return null;
  const start = (): void =>
    rebuild.mutate(
      {},
      { onSuccess: () => notifications.show({ message: texts.rebuildStarted }), onError: (error) => showError(error) },
    );
  return (
    <Section heading={texts.heading}>
      <Row label={texts.state}>
        <output>{stateText(status.search)}</output>
        {status.search.state === 'building' && (
          <Progress mt="xs" value={percentOf(status.search)} aria-label={texts.state} />
        )}
        {status.search.engine === 'scan' && <div>{texts.scan}</div>}
      </Row>
      <Row label={texts.rebuild} hint={texts.rebuildHint}>
        <Button variant="default" size="xs" loading={rebuild.isPending} onClick={start}>
          {texts.rebuildNow}
        </Button>
      </Row>
    </Section>
  );
}

function stateText({ state, indexed, total }: VaultStatus['search']): string {
  if (state === 'building') return texts.building(indexed, total);
  return state === 'failed' ? texts.failed : texts.ready(total);
}

function percentOf({ indexed, total }: VaultStatus['search']): number {
  return total === 0 ? 0 : (indexed / total) * 100;
}
