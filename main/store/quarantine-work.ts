import { join } from 'node:path';
import { type CollectionName, isCollectionName, registry } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { QuarantineEntry } from '../../shared/ipc/upkeep.ts';
import type { Clock } from '../lib/clock.ts';
import { hash128 } from '../lib/hash.ts';
import { newId } from '../lib/ids.ts';
import { createDurableWriter } from './durable-write.ts';
import type { FsPort } from './fs-port.ts';
import { layout } from './layout.ts';
import { logLines } from './log-lines.ts';
import { nodeFs } from './node-fs.ts';
import { type Parsed, parseRecord } from './parse-record.ts';
import { createStaging } from './staging.ts';
import { isLeft } from './unreadable.ts';
import { TRASH_PREFIX } from './trash-batches.ts';
import type { QuarantinedFile, StagedOperation, Vault } from './types.ts';

/** What a person can do with what was set aside. Nothing of it is thrown away: what leaves goes to the trash. */
export interface QuarantineWork {
  list(): readonly QuarantineEntry[];
  /** The bytes as they were. NOT_FOUND. */
  read(id: string): { readonly fileName: string; readonly bytes: Buffer };
  /**
   * Makes records of it again, where it can be read by now (a person has corrected it, or what stood in its way is
   * gone). Returns how many. RECORD_DAMAGED, DUPLICATE_KEY, BAD_RECORD; then it stays where it is.
   */
  restore(id: string): Promise<number>;
  /** To the trash, for 30 days. */
  discard(id: string): void;
}

interface Port {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly fs?: FsPort;
}

/** Above this a list does not look into a file to tell whether it can be read by now. */
const MAX_LOOK_BYTES = 1_000_000;

export function createQuarantineWork({ vault, clock, fs = nodeFs }: Port): QuarantineWork {
  const folder = join(vault.root, layout.quarantine);
  const bytesPath = ({ id }: QuarantinedFile): string => join(folder, `${id}.bin`);

  function entry(id: string): QuarantinedFile {
    const found = vault.quarantine().find((known) => known.id === id);
    if (found && fs.stat(bytesPath(found))?.kind === 'file') return found;
    if (found && isLeft(found)) throw leftInPlace(found);
    throw new AppError('NOT_FOUND', 'The quarantine holds nothing under this name.', {
      remedy: 'It may have been restored or discarded already: look at the list again.',
      details: { id },
    });
  }

  function toTrash({ id }: QuarantinedFile): void {
    // A name for each, short whatever the entry's is.
    const batch = `${TRASH_PREFIX.quarantine}${hash128(id)}`;
    const writer = createDurableWriter(fs, vault.root);
    for (const name of [`${id}.bin`, `${id}.json`]) {
      if (fs.stat(join(folder, name)))
        writer.move(join(folder, name), join(vault.root, layout.trash, batch, 'quarantine', name));
    }
    writer.syncFolders();
  }

  return {
    list: () =>
      vault.quarantine().flatMap((file) => {
        if (isLeft(file)) {
          return [{ ...file, bytes: fs.stat(join(vault.root, file.origin))?.size ?? 0, readable: false }];
        }
        const size = fs.stat(bytesPath(file))?.size;
        if (size === undefined) return [];
        const isReadable = size <= MAX_LOOK_BYTES && putsOf(file, fs.readFile(bytesPath(file))) !== undefined;
        return [{ ...file, bytes: size, readable: isReadable }];
      }),
    read(id) {
      const file = entry(id);
      return { fileName: file.origin.split('/').at(-1) ?? id, bytes: fs.readFile(bytesPath(file)) };
    },
    async restore(id) {
      const file = entry(id);
      const puts = putsOf(file, fs.readFile(bytesPath(file)));
      if (puts === undefined) throw stillDamaged(file);
      await refuseTaken(vault, puts);
      const staging = createStaging(vault.stagingRoot, newId(clock), fs);
      try {
        for (const put of puts) staging.write(put);
        await vault.ingest(staging.finish(), { source: 'local' });
      } finally {
        staging.discard();
      }
      toTrash(file);
      return puts.length;
    },
    discard: (id) => toTrash(entry(id)),
  };
}

/** As `toTrash` names them: a name that comes from outside must not lead anywhere else. */
const DISCARDED = new RegExp(`^${TRASH_PREFIX.quarantine}[a-z2-7]{26}$`);

/** Moves what was discarded back from the trash. False where this batch is nothing of the kind. */
export function undiscard(root: string, batch: string, fs: FsPort = nodeFs): boolean {
  const from = join(root, layout.trash, batch, 'quarantine');
  if (!DISCARDED.test(batch) || fs.stat(from)?.kind !== 'folder') return false;
  const writer = createDurableWriter(fs, root);
  for (const { name } of fs.readFolder(from)) writer.move(join(from, name), join(root, layout.quarantine, name));
  writer.syncFolders();
  fs.removeFolder(from);
  fs.removeFolder(join(root, layout.trash, batch));
  return true;
}

type Put = Extract<StagedOperation, { op: 'put' }>;

/** The records in it; undefined where any of the bytes cannot be read as one. */
function putsOf({ origin }: QuarantinedFile, bytes: Buffer): readonly Put[] | undefined {
  const [data, collection = '', ...inside] = origin.split('/');
  const day = inside.slice(0, 3).join('-');
  if (data !== layout.data || !isCollectionName(collection) || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const name = (inside[3] ?? '').replace(/\.[^.]*$/, '');
  const parsed =
    registry[collection].kind === 'log' ? [...logLines(bytes)].map((line) => line.parsed) : [parseRecord(bytes)];
  const puts = parsed.flatMap((one) => putOf(collection, day, name, one) ?? []);
  return puts.length > 0 && puts.length === parsed.length ? puts : undefined;
}

function putOf(collection: CollectionName, day: string, name: string, parsed: Parsed): Put | undefined {
  if (parsed.kind === 'damaged') return undefined;
  if (parsed.kind === 'record')
    return parsed.record._meta.del ? undefined : { op: 'put', collection, record: parsed.record, restored: true };
  const hints = { created_at: `${day}T00:00:00.000Z`, ...(registry[collection].kind === 'document' && { id: name }) };
  const record = { ...hints, ...parsed.value };
  return 'id' in record ? { op: 'put', collection, record } : undefined;
}

async function refuseTaken(vault: Vault, puts: readonly Put[]): Promise<void> {
  for (const { collection, record } of puts) {
    const id = String(record['id']);
    if ((await vault.collection(collection).count({ id })) === 0) continue;
    throw new AppError('DUPLICATE_KEY', `There is a record ${id} in ${collection} already.`, {
      remedy: 'Export the one that was set aside and compare the two; then discard it, or delete the other first.',
      details: { collection, id },
    });
  }
}

function leftInPlace({ origin, reason }: QuarantinedFile): AppError {
  return new AppError('DISK_ERROR', `The file ${origin} ${reason}.`, {
    remedy: 'Make the file readable, or put one from a backup in its place, then open the vault again.',
    details: { path: origin },
  });
}

function stillDamaged({ origin }: QuarantinedFile): AppError {
  return new AppError('RECORD_DAMAGED', `What was set aside from ${origin} is no readable record.`, {
    remedy: 'Export it, correct it in an editor, and put the file into the vault’s folder where it stood.',
    details: { origin },
  });
}
