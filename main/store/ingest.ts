import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { AppError, cancelled, toAppError } from '../../shared/errors.ts';
import type { DeleteOptions, Meta } from '../../shared/store/store.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { type Operation, recordPath } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { type Unsynced, durableWrite, nothingUnsynced, syncAll, syncFiles } from './durable-write.ts';
import { translated } from './disk-errors.ts';
import { deletion } from './deletion.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { documentPath, fileNameOf, layout, logPath } from './layout.ts';
import type { Stamper } from '../records/meta.ts';
import type { Quarantine } from './quarantine.ts';
import type { RecordReader } from './record-reader.ts';
import { streamOf } from './row.ts';
import { type StagedLine, stagedOperations, refused } from './staged-reader.ts';
import { COMMIT_MARK, commitMarkPath, stagedPath } from './staging.ts';
import { stampInsert } from '../records/stamp.ts';
import { bodyOf } from '../records/stored-record.ts';
import type { TimeSlices } from './time-slices.ts';
import type { IngestOptions, StagedBatch, StagedOperation } from './types.ts';
import { assertReadable } from './unreadable.ts';
import { createUniqueGuard } from './unique-guard.ts';

/**
 * Large batches, all or nothing:
 *
 *     check    every operation, streaming; a bad one refuses the batch, and nothing has happened
 *     mark     one durable file beside the staged one: from here on the batch is a fact
 *     apply    in slices, each an ordinary commit; what is there already is passed over, so applying again is harmless
 *     sync     what was written, file by file and then the folders
 *     clear    the mark, then the staged file
 *
 * A crash before the mark leaves a staged file to be swept; one after it, a batch to be finished at the next open. While
 * a batch applies, writes wait for it and readers see the slices that are done.
 */
export interface Ingest {
  run(batch: StagedBatch, options: IngestOptions): Promise<void>;
  /** Finishes batches that were marked and not cleared; at open, and before any write after a failed `run`. */
  finishMarked(): Promise<void>;
  /** Whether this batch is a fact, finished or not. */
  isMarked(batch: StagedBatch): boolean;
  /** Whether any batch is, and not finished. */
  hasMarked(): boolean;
  /** Removes what was staged and never marked. */
  sweep(): void;
}

export interface IngestPort {
  readonly fs: FsPort;
  readonly root: string;
  readonly clock: Clock;
  readonly stamper: Stamper;
  readonly reader: RecordReader;
  readonly slices: TimeSlices;
  readonly quarantine: Quarantine;
  tableOf(collection: CollectionName): CollectionTable;
  commit(operations: readonly Operation[], options: DeleteOptions, later: Unsynced): void;
}

/** The file that makes a staged batch a fact: what is staged, and under which names it is applied. */
export const Mark = z.object({
  id: z.string(),
  operations: z.int(),
  sha256: z.string(),
  source: z.enum(['local', 'remote', 'import', 'external']),
  trashBatch: z.string(),
});
export type Mark = z.infer<typeof Mark>;

/** What a batch that was checked can only say when its file has been damaged, or the schema has changed since. */
const DAMAGED: ReadonlySet<string> = new Set(['BAD_INPUT', 'BAD_RECORD', 'BAD_ID']);

const PROGRESS_MS = 100;
/** Files left unsynced at most: keeps the progress honest and memory small. */
const SYNCED_TOGETHER = 256;

export function createIngest(port: IngestPort): Ingest {
  const { fs, root, slices } = port;
  const stagingRoot = join(root, layout.staging);
  const markPath = (batch: StagedBatch): string => commitMarkPath(stagingRoot, batch.id);
  /** Survives a failed run: what it wrote is passed over by the next, and must be synced all the same. */
  const later = nothingUnsynced();

  async function check(batch: StagedBatch, { onChecked, signal }: IngestOptions): Promise<void> {
    const path = stagedPath(stagingRoot, batch.id);
    if (fs.stat(path)?.kind !== 'file') throw refused('its file is gone', 0);
    const report = throttled(port.clock, onChecked ?? (() => undefined));
    const checker = createChecker(port);
    let done = 0;
    for (const { operation } of stagedOperations(fs, path, batch)) {
      checker.check(operation);
      report((done += 1), batch.operations);
      await slices.pause();
      if (signal?.aborted) throw cancelled(signal.reason);
    }
  }

  async function apply(mark: Mark, onProgress: IngestOptions['onProgress']): Promise<void> {
    const report = throttled(port.clock, onProgress ?? (() => undefined));
    const slice = createSlice(port);
    let done = 0;
    const flush = async (): Promise<void> => {
      slice.spend((operations) => port.commit(operations, mark, later));
      if (later.files.size >= SYNCED_TOGETHER) await syncFiles(fs, later);
      report(done, mark.operations);
      await slices.pause();
    };
    for (const line of stagedOperations(fs, stagedPath(stagingRoot, mark.id), mark)) {
      if (slice.isFull() || slice.has(line.operation)) await flush();
      slice.add(line);
      done += 1;
    }
    await flush();
    // The staged file is the durable copy until all is synced.
    await syncAll(fs, later);
    onProgress?.(done, mark.operations);
  }

  function clear(batch: StagedBatch): void {
    fs.unlink(markPath(batch));
    fs.syncFolder(stagingRoot);
    fs.unlink(stagedPath(stagingRoot, batch.id));
  }

  /** Batches that are facts. A mark that cannot be read is set aside with what it marked. */
  function marks(): Mark[] {
    const names = fs.readFolder(stagingRoot).filter(({ kind, name }) => kind === 'file' && name.endsWith(COMMIT_MARK));
    return names.flatMap(({ name }) => {
      try {
        return [Mark.parse(JSON.parse(fs.readFile(join(stagingRoot, name)).toString('utf8')))];
      } catch (error) {
        if (fsErrorCode(error) !== '') throw error;
        setAside(name.slice(0, -COMMIT_MARK.length), 'its mark is damaged');
        return [];
      }
    });
  }

  function setAside(name: string, why: string): void {
    for (const file of [`${name}.ndjson`, `${name}${COMMIT_MARK}`]) {
      const path = join(stagingRoot, file);
      if (fs.stat(path))
        port.quarantine.takeFile(path, `${layout.staging}/${file}`, `a batch that cannot be finished: ${why}`);
    }
  }

  async function finish(mark: Mark, onProgress?: IngestOptions['onProgress']): Promise<void> {
    await apply(mark, onProgress);
    clear(mark);
  }

  /** At open. What the disk refuses is tried again later; a batch that is itself damaged since it was checked is set aside. */
  async function finishOrSetAside(mark: Mark): Promise<void> {
    try {
      await finish(mark);
    } catch (error) {
      const { code, message } = toAppError(translated(error, 'finishing a batch'));
      if (!DAMAGED.has(code) && fs.stat(stagedPath(stagingRoot, mark.id))) throw error;
      setAside(fileNameOf(mark.id), message);
    }
  }

  return {
    async run(batch, options) {
      const { source, trashBatch = batch.id, onProgress } = options;
      await check(batch, options);
      const mark: Mark = { ...batch, source, trashBatch };
      durableWrite(fs, root, markPath(batch), Buffer.from(`${JSON.stringify(mark)}\n`));
      await finish(mark, onProgress);
    },
    async finishMarked() {
      for (const mark of marks()) await finishOrSetAside(mark);
    },
    isMarked: (batch) => fs.stat(markPath(batch)) !== undefined,
    hasMarked() {
      try {
        return fs.readFolder(stagingRoot).some(({ name }) => name.endsWith(COMMIT_MARK));
      } catch {
        return true; // nobody knows: whoever writes next finds out
      }
    },
    sweep() {
      const kept = new Set(marks().flatMap((mark) => [markPath(mark), stagedPath(stagingRoot, mark.id)]));
      for (const { name, kind } of fs.readFolder(stagingRoot)) {
        if (kind === 'file' && !kept.has(join(stagingRoot, name))) fs.unlink(join(stagingRoot, name));
      }
    },
  };
}

function throttled(clock: Clock, report: (done: number, total: number) => void): (done: number, total: number) => void {
  let nextMs = 0;
  return (done, total) => {
    if (clock.now() < nextMs) return;
    nextMs = clock.now() + PROGRESS_MS;
    report(done, total);
  };
}

/** Judges operations one by one, as they will be applied: BAD_RECORD, BAD_ID, DUPLICATE_KEY. */
function createChecker(port: IngestPort): { check(operation: StagedOperation): void } {
  const guard = createUniqueGuard();
  const mint = { id: noId, now: isoNow(port.clock) };
  return {
    check(operation) {
      const table = port.tableOf(operation.collection);
      const row = table.rows.get(stagedId(operation));
      if (row) assertReadable(table, table.pathOf(row));
      if (operation.op === 'delete') {
        guard.remove(table, operation.id);
        return;
      }
      const body = stampInsert(table.definition, operation.record, mint);
      assertReadable(table, pathFor(table, body));
      guard.put(table, body.id, table.shape.pick(body));
    },
  };
}

/** Applying twice must give the same record, so ids are not made up on the way. */
function noId(): never {
  throw new AppError('BAD_ID', 'A record of a prepared batch has no id.', { remedy: 'Give every record an id.' });
}

const MAX_OPERATIONS = 256;
const MAX_FILES = 32;
/** What a slice holds outlives a collection of young garbage, and then waits for one of old: few bytes keep memory small. */
const MAX_BYTES = 256 * 1024;
const SLICE_MS = 10;

/** Operations for one commit, as many as the disk takes in about 10 ms; one per record. */
interface Slice {
  isFull(): boolean;
  has(operation: StagedOperation): boolean;
  add(line: StagedLine): void;
  /** Commits what there is, and learns from how long it took. */
  spend(commit: (operations: readonly Operation[]) => void): void;
}

function createSlice(port: IngestPort): Slice {
  let operations: Operation[] = [];
  let bytes = 0;
  /** Share of the limits that fits into the time, by the last slices. */
  let share = 0.1;
  const records = new Set<string>();
  const files = new Set<string>();
  const keyOf = (collection: string, id: string): string => `${collection}\n${id}`;
  return {
    isFull: () =>
      operations.length >= MAX_OPERATIONS * share || files.size >= MAX_FILES * share || bytes >= MAX_BYTES * share,
    has: (staged) => records.has(keyOf(staged.collection, stagedId(staged))),
    add({ operation: staged, bytes: size }) {
      const table = port.tableOf(staged.collection);
      records.add(keyOf(staged.collection, stagedId(staged)));
      for (const operation of operationsFor(port, table, staged)) {
        operations.push(operation);
        files.add(`${operation.table.name}/${recordPath(operation)}`);
      }
      bytes += size;
    },
    spend(commit) {
      const startedMs = performance.now();
      commit(operations);
      const spentMs = performance.now() - startedMs;
      if (spentMs > SLICE_MS) share = Math.max(share / 2, 0.03);
      else if (spentMs < SLICE_MS / 2) share = Math.min(share * 1.5, 1);
      [operations, bytes] = [[], 0];
      records.clear();
      files.clear();
    },
  };
}

function pathFor(table: CollectionTable, body: { readonly id: string; readonly created_at: string }): string {
  if (table.definition.kind === 'document') return documentPath(body.id, body.created_at);
  return logPath(streamOf(table.definition, body), body.created_at);
}

function stagedId(staged: StagedOperation): string {
  return staged.op === 'delete' ? staged.id : String(staged.record['id'] ?? staged.record['_id']);
}

/** What a staged operation still has to do; nothing where it was done before a crash. */
function operationsFor(port: IngestPort, table: CollectionTable, staged: StagedOperation): Operation[] {
  const row = table.rows.get(stagedId(staged));
  const before = row && port.reader.read(table, row);
  if (staged.op === 'delete') {
    return before ? deletion(table, port.stamper, before, isoNow(port.clock)) : [];
  }
  const draft = before ? { created_at: before.created_at, ...staged.record } : staged.record;
  const body = stampInsert(table.definition, draft, { id: noId, now: isoNow(port.clock) });
  if (before && canonicalJson(bodyOf(before)) === canonicalJson(body)) return [];
  const former = before?._meta ?? formerMeta(staged);
  const put = (isNew: boolean): Operation => ({
    kind: 'put',
    table,
    record: port.stamper.stamp(table.definition, body, former),
    before: isNew ? undefined : row,
  });
  if (before && isElsewhere(table, before, body)) {
    return [...deletion(table, port.stamper, before, isoNow(port.clock)), put(true)];
  }
  return [put(row === undefined)];
}

/** A record from the trash goes on with its own history; that of any other source is not believed. */
function formerMeta(staged: StagedOperation): Meta | undefined {
  return staged.op === 'put' && staged.restored ? (staged.record['_meta'] as Meta | undefined) : undefined;
}

/** Whether the new version belongs into another file. */
function isElsewhere(
  table: CollectionTable,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): boolean {
  const stream = table.definition.streamField;
  return before['created_at'] !== after['created_at'] || (stream !== undefined && before[stream] !== after[stream]);
}
