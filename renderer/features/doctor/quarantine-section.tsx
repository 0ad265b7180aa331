import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { QuarantineEntry } from '../../../shared/ipc/upkeep.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { showError } from '../../components/notify.tsx';
import { useClient } from '../../lib/client-context.ts';
import { formatDateTime } from '../../lib/format.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { invalidateMethods, useMethod } from '../../lib/use-method.ts';
import { Section } from '../settings/section.tsx';
import { saveFile } from '../thread/save-file.ts';
import classes from './doctor.module.css';

const words = strings.doctor.quarantine;

/** What could not be read, with what can be done about each. */
export function QuarantineSection() {
  const entries = useMethod('quarantine.list', {});
  return (
    <Section heading={words.heading}>
      {entries.error && (
        <ErrorState title={words.failed} error={entries.error} onRetry={() => void entries.refetch()} />
      )}
      {entries.isPending && <p className={classes.hint}>{strings.app.loading}</p>}
      {entries.data?.length === 0 && (
        <p className={classes.hint} ref={takeLostFocus} tabIndex={-1}>
          {words.empty}
        </p>
      )}
      {entries.data !== undefined && entries.data.length > 0 && (
        <>
          <p className={classes.hint}>{words.hint}</p>
          <ul
            className={classes.list}
            aria-label={words.list}
            key={entries.data.length}
            ref={takeLostFocus}
            tabIndex={-1}
          >
            {entries.data.map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function EntryRow({ entry }: { readonly entry: QuarantineEntry }) {
  const { restore, save, discard } = useEntryActions(entry);
  return (
    <li className={classes.item}>
      <div className={classes.body}>
        <p className={classes.text}>{withVisibleControls(entry.reason)}</p>
        <p className={classes.path}>{withVisibleControls(entry.origin)}</p>
        <p className={classes.hint}>
          <time dateTime={entry.at}>{formatDateTime(entry.at)}</time> · {words.size(entry.bytes)}
          {!entry.readable && ` · ${words.unreadable}`}
        </p>
      </div>
      <div className={classes.buttons}>
        {entry.readable && (
          <Button variant="default" size="compact-sm" aria-label={words.restoreLabel(entry.origin)} onClick={restore}>
            {words.restore}
          </Button>
        )}
        <Button variant="default" size="compact-sm" aria-label={words.exportLabel(entry.origin)} onClick={save}>
          {words.export}
        </Button>
        <Button variant="default" size="compact-sm" aria-label={words.discardLabel(entry.origin)} onClick={discard}>
          {words.discard}
        </Button>
      </div>
    </li>
  );
}

function useEntryActions({ id }: QuarantineEntry) {
  const client = useClient();
  const queries = useQueryClient();
  const act = (work: () => Promise<string | undefined>): void => {
    work()
      .then((message) => {
        if (message !== undefined) notifications.show({ message });
        invalidateMethods(queries, ['quarantine.list', 'trash.list']);
      })
      .catch(showError);
  };
  return {
    restore: () => act(async () => words.restored((await client.call('quarantine.restore', { id })).restored)),
    save: () =>
      act(async () => {
        const { file_name: name, base64 } = await client.call('quarantine.export', { id });
        saveFile(name, 'application/octet-stream', bytesOf(base64));
        return undefined;
      }),
    discard: () =>
      act(async () => {
        await client.call('quarantine.discard', { id });
        return words.discarded;
      }),
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
