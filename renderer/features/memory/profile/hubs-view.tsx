import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus, IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output } from '../../../../shared/ipc/contract.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { useClient } from '../../../lib/client-context.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import { Section } from '../../settings/section.tsx';
import classes from '../memory.module.css';
import { useMemoryChange } from '../use-memory-change.ts';
import { HubForm } from './hub-form.tsx';

export type Hub = Output<'memory.hubs'>[number];

const words = strings.hubs;

/** Everything that the hubs hold, by hub, to look at and to change. */
export function HubsView() {
  const hubs = useMethod('memory.hubs', {});
  const [edited, setEdited] = useState<Hub | 'new'>();
  if (hubs.error && !hubs.data) {
    return <ErrorState title={words.failed} error={hubs.error} onRetry={() => void hubs.refetch()} />;
  }
  if (!hubs.data) return <p className={classes.wait}>{strings.app.loading}</p>;
  const addButton = (
    <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {words.add}
    </Button>
  );
  return (
    <div className={classes.column}>
      {hubs.data.length === 0 ? (
        <EmptyState icon={<IconStack2 size={32} />} title={words.emptyTitle} hint={words.emptyHint}>
          {addButton}
        </EmptyState>
      ) : (
        <>
          <div className={classes.start}>
            <p className={classes.hint}>{words.intro}</p>
            {addButton}
          </div>
          {hubNames(hubs.data).map((name) => (
            <Section key={name} heading={words.names[name] ?? withVisibleControls(name)}>
              <ul className={classes.plain} aria-label={words.list(words.names[name] ?? name)}>
                {hubs.data
                  .filter((hub) => hub.hub_type === name)
                  .map((hub) => (
                    <HubItem key={hub.id} hub={hub} onEdit={() => setEdited(hub)} />
                  ))}
              </ul>
            </Section>
          ))}
        </>
      )}
      <Modal
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === 'new' ? words.addTitle : words.editTitle}
      >
        {edited !== undefined && (
          <HubForm hub={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
        )}
      </Modal>
    </div>
  );
}

/** The known hubs first, in their order. */
function hubNames(hubs: readonly Hub[]): readonly string[] {
  const there = new Set(hubs.map(({ hub_type }) => hub_type));
  const known = Object.keys(words.names).filter((name) => there.delete(name));
  return [...known, ...[...there].sort()];
}

function HubItem({ hub, onEdit }: { readonly hub: Hub; readonly onEdit: () => void }) {
  const client = useClient();
  const change = useMemoryChange();
  const key = withVisibleControls(hub.item_key);
  const remove = async (): Promise<void> => {
    await client.call('memory.remove_hub', { id: hub.id });
    const [event] = await client.call('memory.log', { id: `memory_hubs/${hub.id}`, limit: 1 });
    tellRemoved(() => {
      if (event) change(() => client.call('memory.undo', { events: [event.id] }), strings.hygiene.undone);
    });
  };
  return (
    <li className={classes.card}>
      <div className={classes.cardHead}>
        <p className={classes.cardText}>
          <strong>{key}</strong>
        </p>
        <span className={classes.hint}>
          {words.changed(formatDateTime(hub.updated_at))} · {strings.memory.form.scopes[hub.scope]}
        </span>
      </div>
      <PayloadList payload={hub.payload} />
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" aria-label={words.editItem(key)} onClick={onEdit}>
          {words.edit}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          className={classes.danger}
          aria-label={words.removeItem(key)}
          onClick={() => change(remove)}
        >
          {words.remove}
        </Button>
      </div>
    </li>
  );
}

function tellRemoved(undo: () => void): void {
  const id = notifications.show({
    message: (
      <>
        {words.removed}{' '}
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {strings.hygiene.undo}
        </Button>
      </>
    ),
  });
}

/** An item's content, field by field. */
function PayloadList({ payload }: { readonly payload: Hub['payload'] }) {
  return (
    <dl className={classes.payload}>
      {Object.entries(payload).map(([name, value]) => (
        <div key={name}>
          <dt>{withVisibleControls(name)}</dt>
          <dd>{withVisibleControls(wordsOf(value))}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Lists of words as a person writes them; the rest as the JSON that it is. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const isWords = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return isWords ? value.join(', ') : JSON.stringify(value);
}
