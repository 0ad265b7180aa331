/**
 * The vault beside floors and peers: `npm run bench -- [--size 10000] [--only insert,open] [--quick] [--folder DIR]
 * [--stores vault,nedb]`. Prints tables, with every goal met or missed, and writes results/bench.json and bench.md
 * beside this file. Never fails for a figure. A full run takes ten to fifteen minutes and 4 GB of disk.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundled } from './bundle.ts';
import { measureColdOpens } from './cold-open.ts';
import { compare, subjectFolder } from './compare.ts';
import { documentOf } from './documents.ts';
import { type OperationName, operationNames } from './operations.ts';
import { preparePeers } from './peers.ts';
import { reportOf } from './report.ts';
import type { Results, SizeResults } from './results.ts';
import { measurePage } from './page.ts';
import { runScenario } from './scenario.ts';
import { type SubjectName, subjectNames } from './subjects/subject.ts';

const parts = ['open', 'rebuild', 'crash', 'append', 'atOnce', 'import', 'search', 'page'] as const;
type Part = (typeof parts)[number];

const { values: options } = parseArgs({
  options: {
    size: { type: 'string' },
    only: { type: 'string' },
    stores: { type: 'string' },
    folder: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

function chosen<T extends string>(given: string | undefined, all: readonly T[], what: string): readonly T[] {
  const names = given?.split(',') ?? [];
  const unknown = names.find((name) => !(all as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`There is no ${what} "${unknown}". There are: ${all.join(', ')}.`);
  return given === undefined ? all : all.filter((name) => names.includes(name));
}

const searchWorker = join(import.meta.dirname, '..', '..', 'main', 'search', 'worker.ts');
const wanted = chosen<OperationName | Part>(options.only, [...operationNames, ...parts], 'measurement');
const isWanted = (name: OperationName | Part): boolean => wanted.includes(name);
const sizes = (options.size ?? (options.quick ? '2000' : '10000,100000')).split(',').map(Number);
const unavailable = preparePeers();
const subjects = chosen<SubjectName>(options.stores, subjectNames, 'store').filter((name) => !(name in unavailable));
const progress = (text: string): void => console.error(`  ${text}`);

async function measure(size: number, folder: string): Promise<SizeResults> {
  let filled: Partial<SizeResults> = {};
  const comparison = await compare({
    size,
    folder,
    subjects: ['vault', ...subjects.filter((name) => name !== 'vault')],
    operations: operationNames.filter(isWanted),
    // A hundred thousand take long, and vary less.
    repetitions: options.quick || size >= 50_000 ? 3 : 5,
    share: options.quick ? 0.25 : 1,
    onProgress: progress,
    whenFilled: async () => void (filled = await measureFilled(size, folder)),
  });
  return { comparison, jsonBytes: jsonBytesOf(size), ...filled, ...(await measureAlone(size, folder)) };
}

/** By an average over the first hundred. */
function jsonBytesOf(size: number): number {
  const lengths = Array.from({ length: 100 }, (_, at) => JSON.stringify(documentOf(at, size)).length);
  return (lengths.reduce((sum, length) => sum + length) / lengths.length) * size;
}

type Parts = { -readonly [K in keyof SizeResults]?: SizeResults[K] };

async function measureFilled(size: number, folder: string): Promise<Partial<SizeResults>> {
  const filled: Parts = {};
  const vault = subjectFolder(folder, 'vault');
  if (isWanted('open')) {
    progress(`${size}: cold open`);
    filled.cold = await measureColdOpens(folder, subjects, options.quick ? 3 : 5);
  }
  if (isWanted('rebuild')) {
    progress(`${size}: rebuild`);
    filled.rebuildMs = (await runScenario('rebuild', vault, size)).ms;
  }
  if (isWanted('crash')) {
    progress(`${size}: open after a crash`);
    const { openMs: cleanMs } = await runScenario('reopen', vault, size);
    await runScenario('crash', vault, size);
    filled.reopen = { cleanMs, afterCrashMs: (await runScenario('reopen', vault, size)).openMs };
  }
  return filled;
}

async function measureAlone(size: number, folder: string): Promise<Partial<SizeResults>> {
  const alone: Parts = {};
  if (isWanted('append')) {
    progress(`${size}: append to a long conversation`);
    alone.append = {
      vault: await runScenario('append', join(folder, 'append'), size),
      sqlite: await runScenario('append-sqlite', join(folder, 'append-sqlite'), size),
    };
  }
  if (isWanted('atOnce')) {
    progress(`${size}: inserts sent in one turn`);
    alone.atOnce = {
      vault: await runScenario('at-once', join(folder, 'at-once'), size),
      sqlite: await runScenario('at-once-sqlite', join(folder, 'at-once-sqlite'), size),
    };
  }
  const imported = join(folder, 'import');
  if (isWanted('import') || isWanted('search')) {
    progress(`${size}: import`);
    alone.import = await runScenario('import', imported, size);
  }
  if (isWanted('search')) {
    progress(`${size}: search`);
    alone.search = {
      vault: await runScenario('search', imported, size, await bundled(searchWorker)),
      sqlite: await runScenario('search-sqlite', join(folder, 'search-sqlite'), size),
    };
  }
  if (isWanted('page')) {
    progress(`${size}: answers to another process`);
    alone.page = await measurePage(join(folder, 'page'));
  }
  return alone;
}

function resultsOf(done: readonly SizeResults[]): Results {
  return {
    date: new Date().toISOString().slice(0, 16),
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model.trim() ?? 'unknown',
      node: process.version,
      system: `${platform()} ${release()} ${arch()}`,
    },
    options: { ...options },
    unavailable,
    sizes: done,
  };
}

/** After each size, so that a run that is ended early has not been for nothing. */
function save(results: Results): void {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bench.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, 'bench.md'), `${reportOf(results)}\n`);
}

const measured: SizeResults[] = [];
for (const size of sizes) {
  if (!Number.isSafeInteger(size) || size < 1) throw new Error(`--size ${options.size} is no number of documents.`);
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'almanac-bench-'));
  try {
    measured.push(await measure(size, folder));
    save(resultsOf(measured));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(reportOf(resultsOf(measured)));
