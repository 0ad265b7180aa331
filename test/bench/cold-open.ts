import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundled } from './bundle.ts';
import { subjectFolder } from './compare.ts';
import { idOf } from './documents.ts';
import { peersFolder } from './peers-folder.ts';
import { median } from './statistics.ts';
import type { SubjectName } from './subjects/subject.ts';

/** Medians, less what an empty Node takes. */
export interface ColdOpen {
  readonly firstDocumentMs: number;
  /** The newest 50 rows after that. */
  readonly firstListMs: number;
  readonly rssBytes: number;
}

interface Sample {
  readonly documentMs: number;
  readonly listMs: number;
  readonly rss: number;
}

/** Opens each store in new processes, taking turns; the code is bundled, packages too, as the app's is. */
export async function measureColdOpens(
  folder: string,
  subjects: readonly SubjectName[],
  repetitions: number,
): Promise<Record<string, ColdOpen>> {
  const bundle = await bundled(join(import.meta.dirname, 'cold-open-child.ts'));
  const empty = join(folder, 'empty.mjs');
  writeFileSync(
    empty,
    'const ms = performance.now(); console.log(JSON.stringify({ documentMs: ms, listMs: ms, rss: process.memoryUsage.rss() }));\n',
  );
  const samples = new Map<string, Sample[]>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    add(samples, 'empty', run(empty, []));
    for (const name of subjects) {
      if (name === 'lowdb' && repetition > 1) continue;
      add(samples, name, run(bundle, [name, subjectFolder(folder, name), idOf(7)]));
    }
  }
  const of = (name: string, pick: (sample: Sample) => number): number => median((samples.get(name) ?? []).map(pick));
  return Object.fromEntries(
    subjects.map((name) => [
      name,
      {
        firstDocumentMs: of(name, ({ documentMs }) => documentMs) - of('empty', ({ documentMs }) => documentMs),
        firstListMs: of(name, ({ listMs }) => listMs),
        rssBytes: of(name, ({ rss }) => rss) - of('empty', ({ rss }) => rss),
      },
    ]),
  );
}

function add(samples: Map<string, Sample[]>, name: string, sample: Sample): void {
  samples.set(name, [...(samples.get(name) ?? []), sample]);
}

function run(script: string, args: readonly string[]): Sample {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ALMANAC_BENCH_PEERS: peersFolder },
  });
  if (status !== 0) throw new Error(`Opening ${args[0] ?? script} failed: ${stderr}`);
  return JSON.parse(stdout) as Sample; // what the child prints
}
