import type { CollectionDefinition } from '../../../shared/collections/define.ts';
import { isCollectionName } from '../../../shared/collections/registry.ts';
import type { Collection, Filter } from '../../../shared/store/store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FsPort } from '../fs-port.ts';
import { nodeFs } from '../node-fs.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import { TRASH_PREFIX } from '../trash-batches.ts';
import type { Vault } from '../types.ts';
import { writeArchive } from './archive.ts';

export interface RetentionOptions {
  readonly vault: Vault;
  /** Whose rules are carried out: the registry. */
  readonly definitions: readonly CollectionDefinition[];
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** For tests: another disk. */
  readonly fs?: FsPort;
}

/** What became of one collection's old records. */
export interface RetentionOutcome {
  readonly collection: string;
  readonly deleted: number;
  /** ZIPs written, relative to the vault. */
  readonly archives: readonly string[];
}

const DAY_MS = 86_400_000;
/** Records deleted in one commit: short, so that the person's own changes come in between. */
const TOGETHER = 200;
/** Records in one ZIP at most: it is made in memory. */
const IN_ONE_ARCHIVE = 2_000;

/**
 * Carries out the registry's rules about old records, as ordinary deletes: to the trash, seen by `watch`, and to be
 * brought back for 30 days. Records that change meanwhile are left for the next time. CANCELLED between two commits.
 */
export async function applyRetention(options: RetentionOptions): Promise<RetentionOutcome[]> {
  const outcomes: RetentionOutcome[] = [];
  for (const definition of options.definitions) {
    const outcome = await applyRule(options, definition);
    if (outcome.deleted > 0) outcomes.push(outcome);
  }
  return outcomes;
}

async function applyRule(options: RetentionOptions, definition: CollectionDefinition): Promise<RetentionOutcome> {
  const { retention, name } = definition;
  const kept = { collection: name, deleted: 0, archives: [] };
  if ('keep' in retention || !isCollectionName(name)) return kept;
  const collection: Collection<unknown> = options.vault.collection(name);
  const isArchived = 'archiveAfterDays' in retention;
  const days = isArchived ? retention.archiveAfterDays : retention.deleteAfterDays;
  const now = new Date(options.clock.now());
  const old: Filter = {
    [retention.by]: { $type: 'string', $lt: new Date(now.getTime() - days * DAY_MS).toISOString() },
  };
  const trashBatch = `${TRASH_PREFIX.retention}${name}-${now.toISOString().slice(0, 10)}`;
  const archives: string[] = [];
  let deleted = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const found = await collection.find(old, { limit: isArchived ? IN_ONE_ARCHIVE : TOGETHER });
    // The store's records have their bookkeeping; a Collection<unknown> only hides their own fields.
    const records = found as unknown as readonly StoredRecord[];
    if (records.length === 0) break;
    if (isArchived) {
      const { fs = nodeFs, vault } = options;
      archives.push(await writeArchive({ fs, root: vault.root, now }, definition, records));
    }
    const gone = await deleteVersions(options, collection, records, trashBatch);
    deleted += gone;
    // Nothing went although all match: they change faster than they can be deleted. Tomorrow is another day.
    if (gone === 0) break;
  }
  return { collection: name, deleted, archives };
}

/** Exactly these versions: what was changed since it was read is younger than its copy. */
async function deleteVersions(
  { signal }: RetentionOptions,
  collection: Collection<unknown>,
  records: readonly StoredRecord[],
  trashBatch: string,
): Promise<number> {
  let deleted = 0;
  for (let start = 0; start < records.length; start += TOGETHER) {
    signal?.throwIfAborted();
    const some = records.slice(start, start + TOGETHER);
    const versions: Filter = {
      id: { $in: some.map(({ id }) => id) },
      '_meta.rev': { $in: some.map(({ _meta }) => _meta.rev) },
    };
    deleted += (await collection.deleteMany(versions, { trashBatch })).deletedCount;
  }
  return deleted;
}
