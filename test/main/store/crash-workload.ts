import { canonicalJson } from '../../../main/lib/canonical-json.ts';
import { createStaging } from '../../../main/store/staging.ts';
import type { StagedOperation, Vault } from '../../../main/store/types.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Durability } from '../../../main/store/durability.ts';
import type { SimDisk } from '../../helpers/sim-disk.ts';

/** Size of one workload: against mutants. */
export const WORKLOAD = { commits: 14, imagesPerCrash: 6 } as const;

export interface Workload {
  readonly seed: number;
  readonly commits: number;
  readonly imagesPerCrash: number;
  /** `normal` unless said otherwise. */
  readonly durability?: Durability;
}

/** The workload of a seed, in the tests and the soak: short and long ones, and every fourth under another policy. */
export function workloadOf(seed: number): Workload {
  const commits = [8, 14, 20, 11][Math.floor(seed / 2) % 4] ?? 14;
  const durability = seed % 4 === 3 ? (seed % 8 === 3 ? 'relaxed' : 'full') : 'normal';
  return { seed, commits, imagesPerCrash: 6, durability };
}

/** A vault that a workload works on; an act may close it and open it again. */
export interface Bench {
  readonly disk: SimDisk;
  vault: Vault;
  readonly open: () => Promise<Vault>;
}

/** One commit, or something that commits nothing. The same act does the same on every vault. */
export interface Act {
  readonly label: string;
  readonly run: (bench: Bench) => Promise<unknown>;
  /** Must not be under way together with others: what it does is no part of the log's order. */
  readonly isAlone: boolean;
  /** Name of the trash in which it keeps what it deletes. */
  readonly trashBatch?: string;
  readonly writesAppFile?: true;
  /** Name of the trash that it empties. */
  readonly restores?: string;
}

/** What a program sees of the vault, dates and bookkeeping aside. */
export type State = string;

type Fields = Readonly<Record<string, unknown>>;

/** The part of a record that the same acts always make the same. */
export function bodyOf(record: Fields): Fields {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== '_meta' && name !== 'updated_at'));
}

export const collections = ['conversations', 'messages'] as const;
export const APP_FILE = 'settings';

export function stateText(records: readonly (readonly Fields[])[], appFile: unknown): State {
  return canonicalJson([...records.map((each) => each.map(bodyOf)), appFile]);
}

/** Sorted here: sorting there would fill an index for each of thousands of vaults. */
export async function stateOf(vault: Vault): Promise<State> {
  const all = await Promise.all(collections.map((name) => vault.collection(name).find()));
  return stateText(
    all.map((records) => records.sort(byId)),
    vault.readAppFile(APP_FILE),
  );
}

export function byId(a: Fields, b: Fields): number {
  return String(a['id']) < String(b['id']) ? -1 : 1;
}

/** @param at number of the act: names that must be its own are made of it */
export function randomAct(random: () => number, at: number): Act {
  const pick = (count: number): number => Math.floor(random() * count);
  const which = pick(4);
  const id = `c${which}`;
  const day = `2026-01-0${1 + pick(3)}T00:00:00.000Z`;
  const text = 'x'.repeat(pick(80));
  const mark = pick(1_000_000);
  const trashBatch = `t${at}`;
  const message = (name: string, conversation_id = id) => ({
    id: name,
    conversation_id,
    role: 'user' as const,
    content: text,
    created_at: day,
  });
  const together = (label: string, run: (vault: Vault) => Promise<unknown>, more: Partial<Act> = {}): Act => ({
    label,
    run: ({ vault }) => run(vault),
    isAlone: false,
    ...more,
  });
  const alone = (label: string, run: Act['run'], more: Partial<Act> = {}): Act => ({
    label,
    run,
    isAlone: true,
    ...more,
  });

  const upsert = together('upsert', (vault) =>
    vault
      .collection('conversations')
      .updateOne({ id }, { $set: { title: text, mark }, $setOnInsert: { created_at: day } }, { upsert: true }),
  );
  const upsertByKey = together('upsert by a unique key', (vault) =>
    vault
      .collection('conversations')
      .updateOne(
        { lookup_key: `k${mark % 3}` },
        { $set: { mark }, $setOnInsert: { id: `u${at}`, created_at: day } },
        { upsert: true },
      ),
  );
  const takeKey = together('take a unique key that may be taken', (vault) =>
    vault.collection('conversations').updateOne({ id }, { $set: { lookup_key: `k${mark % 3}` } }),
  );
  const remove = together(
    'delete a document',
    (vault) => vault.collection('conversations').deleteOne({ id }, { trashBatch }),
    { trashBatch },
  );
  const say = together('append', (vault) => vault.collection('messages').insertOne(message(`m${mark}`)));
  const sayMuch = together('append several', (vault) =>
    vault.collection('messages').insertMany([1, 2, 3].map((part) => message(`m${mark}-${part}`, `c${part}`))),
  );
  const edit = together('edit lines', (vault) =>
    vault.collection('messages').updateMany({ conversation_id: id }, { $set: { content: text, mark } }),
  );
  const forget = together(
    'delete lines',
    (vault) => vault.collection('messages').deleteMany({ conversation_id: id }, { trashBatch }),
    { trashBatch },
  );
  // By a range of ids: which of several lines `deleteOne` takes is not said, and every run has to take the same.
  const forgetSome = together(
    'delete some lines',
    (vault) =>
      vault.collection('messages').deleteMany({ conversation_id: id, id: { $gte: `m${mark % 10}` } }, { trashBatch }),
    { trashBatch },
  );
  const settle = alone('settle the files, compact the logs', async ({ vault }) => {
    await vault.settleFiles();
    await vault.compact({ largerThan: 0 });
  });
  const settleMeanwhile = together('settle the files meanwhile', (vault) => vault.settleFiles());
  const wait = alone('time passes', async ({ disk }) => disk.clock.jump(1_000 + mark));
  const reopen = alone('close and open', async (bench) => {
    await bench.vault.close();
    bench.vault = await bench.open();
  });
  const adjust = alone('write an app file', async ({ vault }) => vault.writeAppFile(APP_FILE, { mark, text }), {
    writesAppFile: true,
  });
  const restored = `t${Math.max(0, at - 1 - pick(5))}`;
  const restore = alone('restore from the trash', ({ vault }) => vault.restoreTrash(restored), { restores: restored });
  const staged: StagedOperation[] = [
    { op: 'put', collection: 'conversations', record: { id, title: text, mark, created_at: day } },
    { op: 'put', collection: 'conversations', record: { id: `i${at}`, title: text, created_at: day } },
    ...[1, 2, 3].map((part) => ({
      op: 'put' as const,
      collection: 'messages' as const,
      record: message(`i${at}-${part}`, `c${part}`),
    })),
    { op: 'delete', collection: 'conversations', id: `c${(which + 1) % 4}` },
  ];
  const importAll = alone('import', (bench) => importBatch(bench, `import-${at}`, staged, trashBatch), { trashBatch });

  const usual = [upsert, upsert, upsertByKey, takeKey, remove, remove, say, say, sayMuch, edit, forget, forgetSome];
  const acts = [...usual, settle, settleMeanwhile, wait, reopen, adjust, restore, importAll];
  return acts[pick(acts.length)] ?? settle;
}

async function importBatch(
  { vault, disk }: Bench,
  id: string,
  operations: readonly StagedOperation[],
  trashBatch: string,
): Promise<void> {
  const staging = createStaging(vault.stagingRoot, id, disk.port);
  try {
    for (const operation of operations) staging.write(operation);
    await vault.ingest(staging.finish(), { source: 'import', trashBatch });
  } finally {
    staging.discard();
  }
}

/** Refusals that a workload may well run into; they change nothing. */
export function isExpected(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'DUPLICATE_KEY' || error.code === 'NOT_FOUND');
}
