import type { Handlers } from '../../shared/ipc/contract.ts';
import type { OutsideEdits, OutsideNotice } from '../../shared/ipc/outside.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Vault } from '../store/types.ts';
import type { ExternalEdits } from '../store/watch/external-edits.ts';
import type { DataFile } from '../store/watch/types.ts';

interface Port {
  readonly vault: Pick<Vault, 'watchFiles'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called whenever what screens show of it has changed. */
  readonly onChange: (edits: OutsideEdits) => void;
}

type OutsideMethods = Extract<keyof Handlers, `outside.${string}`>;

export interface Outside {
  readonly handlers: Pick<Handlers, OutsideMethods>;
  stop(): void;
}

const MOST_NOTICES = 200;
const MOST_EXAMPLES = 3;

/** For screens: what the watcher of the vault's files holds back, and what it did. A reader's vault has nothing of it. */
export function createOutside({ vault, clock, log, onChange }: Port): Outside {
  const notices: OutsideNotice[] = [];
  const ends: (() => void)[] = [];
  let count = 0;
  let isStopped = false;

  const watcher = vault.watchFiles().then(follow, (error: unknown) => {
    log.warn('other programs’ edits are not followed', { error: String(error) });
    return null;
  });

  function follow(edits: ExternalEdits | null): ExternalEdits | null {
    if (edits === null || isStopped) return edits;
    const tell = (): void => onChange(statusOf(edits));
    ends.push(
      edits.onState(tell),
      edits.onNotice(({ kind, file, reason, isRestorable }) => {
        count += 1;
        notices.unshift({ id: count, at: isoNow(clock), kind, file: pathOf(file), reason, restorable: isRestorable });
        notices.splice(MOST_NOTICES);
        tell();
      }),
    );
    return edits;
  }

  function missingOf(edits: ExternalEdits | null): readonly DataFile[] {
    return edits?.state.state === 'held' ? edits.state.missing : [];
  }

  function statusOf(edits: ExternalEdits | null): OutsideEdits {
    const missing = missingOf(edits);
    return { missing: missing.length, examples: missing.slice(0, MOST_EXAMPLES).map(pathOf), notices: [...notices] };
  }

  return {
    handlers: {
      'outside.status': async () => statusOf(await watcher),
      'outside.restore_missing': async () => {
        const edits = await watcher;
        const { length } = missingOf(edits);
        const lost = (await edits?.restoreMissing())?.length ?? 0;
        return { restored: length - lost, lost };
      },
      'outside.delete_missing': async () => {
        const edits = await watcher;
        const { length } = missingOf(edits);
        await edits?.confirmDeletions();
        return { deleted: length };
      },
    },
    stop() {
      isStopped = true;
      for (const end of ends) end();
    },
  };
}

function pathOf({ collection, path }: DataFile): string {
  return `data/${collection}/${path}`;
}
