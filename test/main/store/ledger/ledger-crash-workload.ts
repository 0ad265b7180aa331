import { canonicalJson } from '../../../../main/lib/canonical-json.ts';
import { bodyOf } from '../../../../main/records/stored-record.ts';
import { createStaging } from '../../../../main/store/staging.ts';
import type { Vault } from '../../../../main/store/types.ts';
import { addLanes, lanesOf, noLanes } from '../../../../main/sync/lanes.ts';
import type { SyncStep } from '../../../../main/sync/ports.ts';
import type { CollectionName } from '../../../../shared/collections/registry.ts';
import type { Collection } from '../../../../shared/store/store.ts';
import type { SimDisk } from '../../../helpers/sim-disk.ts';
import { adopt, foreign, landed, stateOf } from './ledger-bench.ts';

const of = (vault: Vault, name: CollectionName): Collection<unknown> => vault.collection(name);

const IDS = ['a', 'b', 'c', 'd'];
export const worlds = ['conversations', 'messages', 'memories'] as const;
type World = (typeof worlds)[number];

function fieldsOf(collection: World, text: string): Readonly<Record<string, unknown>> {
  if (collection === 'conversations') return { title: text };
  if (collection === 'messages') return { conversation_id: 'c', role: 'user', content: text };
  return { type: 'USER_FACT', text: text || 'x', confidence: 0.9 };
}

/**
 * All that a vault knows, as text: records, bases, what is dirty, digests, how far it has read. Stamps that recovery may
 * make anew (those of an import) are left out; that a record is as its base says is not.
 */
export async function knownBy(vault: Vault): Promise<string> {
  const ledger = vault.ledger();
  const known: unknown[] = [await ledger.state()];
  for (const collection of worlds) {
    const dirty = [...(await ledger.dirty(collection, 100))].sort();
    const states = await ledger.read(collection, IDS);
    let lanes = noLanes;
    for (const [id, { local, base, baseRecord, withheld }] of states) {
      const row = await of(vault, collection).findOne({ id });
      const body = local && { ...bodyOf(local), updated_at: '' };
      const held = row && { ...bodyOf(row as never), updated_at: '' };
      const isClean = local?._meta.rev === base?.rev;
      known.push([collection, id, body, held, local?._meta.del, base, baseRecord, isClean, withheld]);
      if (base) lanes = addLanes(lanes, lanesOf(id, base.rev));
      const isDirty = local !== null && !isClean && (base !== null || !local._meta.del);
      if (isDirty !== dirty.includes(id))
        throw new Error(`${collection} ${id} is said to be dirty, or not, and is otherwise`);
      if (baseRecord && baseRecord._meta.rev !== base?.rev)
        throw new Error(`${collection} ${id}: not the base's version`);
      if (!isClean && base && !base.del && !base.aside && baseRecord === null && local !== null)
        throw new Error(`${collection} ${id}: the base's version was not kept`);
    }
    let sum = noLanes;
    for (const month of (await ledger.digest(collection, { by: 'month' })).values()) {
      sum = { n: sum.n + month.n, sums: addLanes(sum, month.sums).sums };
    }
    if (canonicalJson(sum) !== canonicalJson(lanes))
      throw new Error(`the digest of ${collection} is not that of its bases: ${canonicalJson([sum, lanes])}`);
    known.push(dirty);
  }
  return canonicalJson(known);
}

export interface Bench {
  readonly disk: SimDisk;
  vault: Vault;
  readonly open: () => Promise<Vault>;
}
export interface Act {
  readonly label: string;
  readonly run: (bench: Bench) => Promise<unknown>;
}

/** @param at number of the act: what must be its own is made of it */
export function randomAct(random: () => number, at: number): Act {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!; // from is never empty
  const text = `${at} ${'x'.repeat(Math.floor(random() * 60))}`;
  const [collection, id] = [pick(worlds), pick(IDS)];
  const isDeletion = random() < 0.3;
  const targets = IDS.filter(() => random() < 0.5);
  const pull: Act['run'] = async ({ vault }) => {
    const steps: SyncStep[] = [];
    for (const target of targets) steps.push(await pulled(vault, collection, target, text, isDeletion));
    await vault.ledger().commit({ steps, state: { resume_token: `t${at}` } });
  };
  const push: Act['run'] = async ({ vault }) => {
    const steps: SyncStep[] = [];
    for (const target of await vault.ledger().dirty(collection, 10)) {
      const { local } = await stateOf(vault.ledger(), collection, target);
      if (local) steps.push(landed(collection, local));
    }
    await vault.ledger().commit({ steps });
  };
  const edit: Act['run'] = ({ vault }) =>
    of(vault, collection).updateMany({ id: { $in: targets } }, { $set: fieldsOf(collection, text) });
  const insert: Act['run'] = async ({ vault }) => {
    const all = of(vault, collection);
    if ((await all.findOne({ id })) === null)
      await all.insertOne({ id, ...fieldsOf(collection, text), created_at: '2026-02-20T00:00:00.000Z' });
  };
  const acts: readonly Act[] = [
    { label: 'pull', run: pull },
    { label: 'pull', run: pull },
    { label: 'push', run: push },
    { label: 'push', run: push },
    { label: 'edit', run: edit },
    { label: 'edit', run: edit },
    { label: 'insert', run: insert },
    {
      label: 'delete',
      run: ({ vault }) => of(vault, collection).deleteMany({ id: { $in: targets } }, { trashBatch: 'x' }),
    },
    { label: 'restore', run: ({ vault }) => vault.restoreTrash('x').catch(() => 0) },
    {
      label: 'withhold',
      run: ({ vault }) => of(vault, 'memories').updateOne({ id }, { $set: { scope: pick(['private', 'team']) } }),
    },
    { label: 'import', run: (bench) => importAll(bench, collection, targets, text, isDeletion ? id : undefined) },
    { label: 'settle', run: ({ vault }) => vault.settleFiles() },
    { label: 'reopen', run: reopen },
  ];
  return pick(acts);
}

async function reopen(bench: Bench): Promise<void> {
  await bench.vault.close();
  bench.vault = await bench.open();
}

/** A newer version of the server's: a clean record follows it, of another it is the merge's parent. */
async function pulled(
  vault: Vault,
  collection: World,
  id: string,
  text: string,
  isDeletion: boolean,
): Promise<SyncStep> {
  const { local, base, baseRecord, withheld } = await stateOf(vault.ledger(), collection, id);
  const parent = (base?.rev === local?._meta.rev ? local : baseRecord)?._meta;
  const fields = isDeletion ? (collection === 'messages' ? { conversation_id: 'c' } : {}) : fieldsOf(collection, text);
  const theirs = foreign(collection, { id, ...fields }, parent, isDeletion ? { deleted: true } : {});
  const step = adopt(collection, theirs, local?._meta.rev ?? null);
  if (withheld) return { collection, id, base: { ...step.base!, aside: true } };
  if (local === null || base?.rev === local._meta.rev || isDeletion || local._meta.del) return step;
  const merged = { ...bodyOf(theirs), extra: { mine: local.updated_at } };
  return { ...step, local: { merged, parent: theirs._meta }, baseRecord: theirs };
}

async function importAll(
  { vault, disk }: Bench,
  collection: World,
  targets: readonly string[],
  text: string,
  gone: string | undefined,
): Promise<void> {
  const staging = createStaging(vault.stagingRoot, `import-${text.split(' ')[0]}`, disk.port);
  try {
    for (const id of targets) {
      const record = { id, ...fieldsOf(collection, text), created_at: '2026-02-20T00:00:00.000Z' };
      staging.write({ op: 'put', collection, record });
    }
    if (gone !== undefined) staging.write({ op: 'delete', collection: 'conversations', id: gone });
    await vault.ingest(staging.finish(), { source: 'import' });
  } finally {
    staging.discard();
  }
}
