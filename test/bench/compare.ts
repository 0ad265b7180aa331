import { join } from 'node:path';
import { BenchProcess, type Measured } from './bench-process.ts';
import { bytesOnDisk } from './disk-usage.ts';
import type { FloorName } from './floors.ts';
import { type Chunk, type OperationName, operationNames } from './operations.ts';
import { median } from './statistics.ts';
import type { SubjectName } from './subjects/subject.ts';

/** Milliseconds: medians over the repetitions of each one's median. */
export interface Comparison {
  readonly size: number;
  readonly operations: Readonly<Record<string, Readonly<Record<string, Figure>>>>;
  /** F as measured right before each operation, so that a noisy minute does not spoil a ratio. */
  readonly writeFloor: Readonly<Record<string, number>>;
  readonly floors: Readonly<Record<string, number>>;
  readonly fill: Readonly<Record<string, Fill>>;
}
export interface Fill {
  readonly fillMs: number;
  readonly settleMs: number;
  /** On disk after closing, whole blocks. */
  readonly bytes: number;
  /** Of them what stands beside the records: a vault's indexes and log. */
  readonly ownBytes: number;
}
export interface Figure {
  readonly ms: number;
  readonly p99: number;
}

export interface Plan {
  readonly size: number;
  readonly folder: string;
  readonly subjects: readonly SubjectName[];
  readonly operations: readonly OperationName[];
  readonly repetitions: number;
  /** Share of the usual numbers of samples. */
  readonly share: number;
  readonly onProgress: (text: string) => void;
  /** Called when every store is filled and closed: the time to measure what concerns this many documents exactly. */
  readonly whenFilled: () => Promise<void>;
}

const writes: ReadonlySet<OperationName> = new Set([
  'insert',
  'insert32',
  'stream',
  'bulk',
  'update',
  'findOneAndUpdate',
  'delete',
  'deleteMany',
]);

const usualCount: Readonly<Record<OperationName, number>> = {
  insert: 200,
  insert32: 1024,
  stream: 2500,
  bulk: 3000,
  update: 150,
  findOneAndUpdate: 150,
  get: 300,
  getAgain: 1000,
  newestRows: 100,
  newestDocuments: 50,
  filterRows: 30,
  filterDocuments: 5,
  filterWithoutIndex: 10,
  delete: 100,
  deleteMany: 1000,
};
/** Stores that rewrite everything for a write get one or two of them in this time. */
const usualBudgetMs = 1500;
const streamBudgetMs = 6000;

const floorCount: Readonly<Record<Exclude<FloorName, 'write'>, number>> = {
  log: 100,
  read: 300,
  index: 3,
  rowScan: 20,
  readAll: 1,
  walk: 1,
};

export const subjectFolder = (folder: string, name: SubjectName): string => join(folder, name.replaceAll(/\W+/g, '-'));

/** Fills every store, then measures operation by operation, the stores taking turns. */
export async function compare(plan: Plan): Promise<Comparison> {
  const { size, folder, subjects, onProgress } = plan;
  const processes = new Map<SubjectName, BenchProcess>();
  const fill: Record<string, Fill> = {};
  for (const name of subjects) {
    onProgress(`${size}: filling ${name}`);
    fill[name] = await filled(name, subjectFolder(folder, name), size);
  }
  await plan.whenFilled();
  for (const name of subjects) {
    const child = new BenchProcess();
    processes.set(name, child);
    await child.open(name, subjectFolder(folder, name), size);
  }
  const floors = new BenchProcess();
  await floors.openFloors(join(folder, 'floors'), size, join(subjectFolder(folder, 'vault'), 'data', 'conversations'));
  const measured = await measureAll(plan, processes, floors);
  for (const child of [...processes.values(), floors]) await child.close();
  return { size, fill, ...measured };
}

/** In a process of its own: those that are measured begin with a store that was opened, not one that was built. */
async function filled(name: SubjectName, folder: string, size: number): Promise<Fill> {
  const child = new BenchProcess();
  await child.open(name, folder, size);
  const times = await child.fill();
  await child.close();
  return { ...times, bytes: bytesOnDisk(folder), ownBytes: bytesOnDisk(folder, isOwnFile(folder)) };
}

/** What Almanac keeps beside the records: their names begin with `_`. */
function isOwnFile(folder: string): (path: string) => boolean {
  return (path) => /[/\\]_/.test(path.slice(folder.length));
}

type Samples = Map<string, Measured[]>;

async function measureAll(
  { size, operations, repetitions, share, onProgress }: Plan,
  processes: ReadonlyMap<SubjectName, BenchProcess>,
  floors: BenchProcess,
): Promise<Pick<Comparison, 'operations' | 'writeFloor' | 'floors'>> {
  const samples: Samples = new Map();
  const floorSamples: Samples = new Map();
  const budget = (ms: number): number => ms * share;
  const scaled = (count: number): number => Math.max(1, Math.round(count * share));
  // All reads come before the first write, which makes the stores larger.
  const wanted = operationNames.filter((operation) => operations.includes(operation));
  await repeat(
    wanted.filter((name) => !writes.has(name)),
    'reading',
  );
  await repeat(
    wanted.filter((name) => writes.has(name)),
    'writing',
  );
  return {
    operations: figuresByOperation(samples),
    writeFloor: mediansOf(floorSamples, (key) => !key.startsWith('=')),
    floors: mediansOf(floorSamples, (key) => key.startsWith('=')),
  };

  async function repeat(names: readonly OperationName[], what: string): Promise<void> {
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      onProgress(`${size}: ${what}, repetition ${repetition + 1} of ${repetitions}`);
      await measureOnce(names, repetition);
      await measureFloors(what === 'reading' ? ['read', 'index', 'rowScan', 'readAll', 'walk'] : ['log'], repetition);
    }
  }

  async function measureOnce(names: readonly OperationName[], repetition: number): Promise<void> {
    for (const name of names) {
      if (writes.has(name))
        add(floorSamples, name, await floors.run('write', { count: scaled(100), budgetMs: budget(usualBudgetMs) }));
      const budgetMs = budget(name === 'stream' ? streamBudgetMs : usualBudgetMs);
      const chunk: Chunk = { count: scaled(usualCount[name]), budgetMs };
      for (const [subject, child] of turns(processes, repetition)) {
        // What rewrites everything, or reads it, need not do so five times.
        if (repetition > 0 && subject === 'lowdb' && writes.has(name)) continue;
        add(samples, `${name}\n${subject}`, await child.run(name, chunk));
        if (writes.has(name)) await child.settle();
      }
    }
  }

  async function measureFloors(names: readonly (keyof typeof floorCount)[], repetition: number): Promise<void> {
    for (const name of names) {
      if (repetition > 2 && (name === 'readAll' || name === 'walk')) continue;
      const chunk = { count: scaled(floorCount[name]), budgetMs: usualBudgetMs };
      add(floorSamples, `=${name}`, await floors.run(name, chunk));
    }
  }
}

/** Another one begins each time. */
function turns<T>(items: ReadonlyMap<SubjectName, T>, repetition: number): [SubjectName, T][] {
  const all = [...items];
  const first = repetition % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

function add(samples: Samples, key: string, measured: Measured): void {
  samples.set(key, [...(samples.get(key) ?? []), measured]);
}

function figuresByOperation(samples: Samples): Record<string, Record<string, Figure>> {
  const figures: Record<string, Record<string, Figure>> = {};
  for (const [key, measured] of samples) {
    const [operation = '', subject = ''] = key.split('\n');
    const figure = { ms: median(measured.map(({ p50 }) => p50)), p99: median(measured.map(({ p99 }) => p99)) };
    figures[operation] = { ...figures[operation], [subject]: figure };
  }
  return figures;
}

function mediansOf(samples: Samples, wanted: (key: string) => boolean): Record<string, number> {
  const entries = [...samples].filter(([key]) => wanted(key));
  return Object.fromEntries(
    entries.map(([key, measured]) => [key.replace('=', ''), median(measured.map(({ p50 }) => p50))]),
  );
}
