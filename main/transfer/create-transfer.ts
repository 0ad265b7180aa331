import { AppError, cancelled } from '../../shared/errors.ts';
import type { PlanRow, Receipt } from '../../shared/ipc/models.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { discardStaged } from '../store/staging.ts';
import type { Vault } from '../store/types.ts';
import { watchRecords } from './changed-meanwhile.ts';
import { type MemoryDoor, emptyLookup, vaultLookup } from './lookup.ts';
import { receiptRecord, toReceipt } from './receipt.ts';
import { runInWorker, type WorkerResult } from './start-worker.ts';
import type { Archive, JobOptions, Preview, Transfer } from './types.ts';
import { undoImport } from './undo-import.ts';

export interface TransferParts {
  /** Null for dry runs where there is no vault yet. */
  readonly vault: Vault | null;
  /** The built or source file of main/transfer/worker.ts. */
  readonly workerUrl: URL;
  readonly clock: Clock;
  /** Which memories may come in; absent: all. */
  readonly memoryDoor?: MemoryDoor;
}

/** How often an import is planned anew because its records were changed while it read; then it gives up. */
const ATTEMPTS = 3;

export function createTransfer(parts: TransferParts): Transfer {
  const { vault, workerUrl, clock, memoryDoor = emptyLookup.refusals } = parts;
  const inTurn = createTurns();
  const lookup = vault ? vaultLookup(vault, memoryDoor) : emptyLookup;

  async function preview(archive: Archive, { signal, onProgress }: JobOptions = {}): Promise<Preview> {
    const rows: PlanRow[] = [];
    const task = { archive, importId: newId(clock), importedAt: isoNow(clock), stagingRoot: null };
    const { outcome } = await runInWorker(workerUrl, task, {
      lookup,
      signal,
      onRows: (more) => rows.push(...more),
      onProgress: (done, total) => onProgress?.({ phase: 'reading', done, total, unit: 'bytes' }),
    });
    return { plan: { ...outcome.plan, memories: outcome.memories, left_out: [...outcome.leftOut] }, rows };
  }

  /** Reads the archive and stages it; again where a record that it would replace was changed in the meantime. */
  async function stage(target: Vault, archive: Archive, { signal, onProgress }: JobOptions): Promise<StagedImport> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const task = { archive, importId: newId(clock), importedAt: isoNow(clock), stagingRoot: target.stagingRoot };
      const meanwhile = watchRecords(target);
      try {
        const result = await runInWorker(workerUrl, task, {
          lookup,
          signal,
          onRows: () => undefined,
          onProgress: (done, total) => onProgress?.({ phase: 'staging', done, total, unit: 'bytes' }),
        });
        if (!meanwhile.hasChanged(result.outcome.replaces)) return { ...result, task };
        discardStaged(target.stagingRoot, task.importId);
      } finally {
        meanwhile.end();
      }
    }
    throw new AppError('INTERNAL', 'Conversations that this import would update kept changing while it was read.', {
      remedy: 'Nothing was imported. Let other programs and imports finish, and start it again.',
    });
  }

  async function run(archive: Archive, options: JobOptions = {}): Promise<Receipt> {
    const target = writable(vault);
    const { outcome, batch, task } = await stage(target, archive, options);
    const record = receiptRecord(task, outcome, 0);
    if (batch === null) throw new Error('An import without a batch. This is a bug in Almanac.');
    try {
      if (options.signal?.aborted) throw cancelled(options.signal.reason);
      await target.ingest(batch, {
        source: 'import',
        signal: options.signal,
        onChecked: (done, total) => options.onProgress?.({ phase: 'checking', done, total, unit: 'records' }),
        onProgress: (done, total) => options.onProgress?.({ phase: 'writing', done, total, unit: 'records' }),
      });
    } catch (error) {
      discardStaged(target.stagingRoot, task.importId);
      throw error;
    }
    const kept = await target.collection('imports').findOne({ id: task.importId });
    return toReceipt(kept ?? record);
  }

  return {
    preview,
    run: (archive, options) => inTurn(() => run(archive, options)),
    async receipts() {
      if (vault === null) return [];
      const records = await vault.collection('imports').find({}, { sort: { created_at: -1, id: -1 } });
      return records.map((record) => toReceipt(record));
    },
    undo: (importId, options) => inTurn(() => undoImport(writable(vault), clock, importId, options)),
  };
}

interface StagedImport extends WorkerResult {
  readonly task: { readonly archive: Archive; readonly importId: string; readonly importedAt: string };
}

/** One import or undo at a time: each is planned against what the one before it has written. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}

function writable(vault: Vault | null): Vault {
  if (vault !== null && !vault.readOnly) return vault;
  if (vault === null) {
    throw new AppError('VAULT_MISSING', 'There is no vault to import into.', {
      remedy: 'Create or open a vault first.',
    });
  }
  throw new AppError('VAULT_READ_ONLY', 'The vault is open for reading only, so nothing can be imported.', {
    remedy: 'Close the program that has it open for writing, and open it again.',
  });
}
