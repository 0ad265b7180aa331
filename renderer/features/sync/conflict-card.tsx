import { Button, Table } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { KeyboardEvent } from 'react';
import type { ConflictView } from '../../../shared/ipc/team.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { showError } from '../../components/notify.tsx';
import { offerUndo } from '../../components/undo-notice.tsx';
import { useClient } from '../../lib/client-context.ts';
import { formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { invalidateMethods } from '../../lib/use-method.ts';
import classes from './sync.module.css';

const words = strings.sync.conflicts;

type Take = NonNullable<ConflictView['resolution']>;
const takes: readonly { readonly take: Take; readonly key: string; readonly label: string }[] = [
  { take: 'mine', key: 'm', label: words.takeMine },
  { take: 'theirs', key: 't', label: words.takeTheirs },
  { take: 'base', key: 'b', label: words.takeBase },
];

/** One conflict: base, mine and theirs side by side per field; decided by a button or a key. */
export function ConflictCard({ conflict }: { readonly conflict: ConflictView }) {
  const resolve = useResolve(conflict.id);
  const isOpen = conflict.state === 'open';
  const onKeyDown = (event: KeyboardEvent): void => {
    const choice = takes.find(({ key }) => key === event.key.toLowerCase());
    if (!isOpen || !choice || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    resolve(choice.take);
  };
  const collection = strings.settings.collectionNames[conflict.collection] ?? conflict.collection;
  return (
    <li className={classes.conflict}>
      <p className={classes.text}>
        <strong>{withVisibleControls(conflict.title)}</strong>
      </p>
      <p className={classes.hint}>
        {collection} · {words.reasons[conflict.reason] ?? conflict.reason} ·{' '}
        <time dateTime={conflict.at}>{formatDateTime(conflict.at)}</time>
        {conflict.resolution && ` · ${words.taken(conflict.resolution)}`}
      </p>
      <Sides conflict={conflict} />
      {isOpen && (
        <div className={classes.buttons}>
          {takes.map(({ take, label }) => (
            <Button
              key={take}
              size="compact-sm"
              variant="default"
              aria-label={`${label}: ${conflict.title}`}
              onClick={() => resolve(take)}
              onKeyDown={onKeyDown}
            >
              {label}
            </Button>
          ))}
          <span className={classes.keys}>{words.keys}</span>
        </div>
      )}
    </li>
  );
}

function useResolve(id: string): (take: Take) => void {
  const client = useClient();
  const queries = useQueryClient();
  const refresh = (): void => invalidateMethods(queries, ['conflicts.list', 'team.status']);
  const undo = (): Promise<void> => client.call('conflicts.undo', { id }).then(refresh);
  return (take) => {
    client
      .call('conflicts.resolve', { id, take })
      .then(() => {
        refresh();
        offerUndo(words.taken(take), undo);
      })
      .catch(showError);
  };
}

/** The fields that clash; of a whole record, all that differ. */
function Sides({ conflict }: { readonly conflict: ConflictView }) {
  const { base, mine, theirs } = conflict;
  const names = conflict.fields.length > 0 ? conflict.fields : differing(mine, theirs);
  return (
    <div className={classes.scroll}>
      <Table className={classes.sides}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.field}</Table.Th>
            <Table.Th>{words.base}</Table.Th>
            <Table.Th>{words.mine}</Table.Th>
            <Table.Th>{words.theirs}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{strings.memory.log.fields[name] ?? name}</Table.Th>
              {[base, mine, theirs].map((side, at) => (
                // Always these three, in this order.
                <Table.Td key={at}>{valueText(side, name)}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

type Side = ConflictView['mine'];

function differing(mine: Side, theirs: Side): string[] {
  const names = new Set([...Object.keys(mine ?? {}), ...Object.keys(theirs ?? {})]);
  return [...names].filter((name) => JSON.stringify(mine?.[name]) !== JSON.stringify(theirs?.[name])).slice(0, 30);
}

const longestValue = 600;

function valueText(side: Side, name: string) {
  const value = side?.[name];
  if (value === undefined) return <span className={classes.absent}>{words.absent}</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return withVisibleControls(text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);
}
