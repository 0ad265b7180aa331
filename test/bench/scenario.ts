import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { AppendFigures, AtOnceFigures, ImportFigures, ReopenFigures, SearchFigures } from './scenario-child.ts';

/** Measurements of one store alone, each in a process of its own. */
interface Scenarios {
  readonly import: ImportFigures;
  readonly search: SearchFigures;
  readonly 'search-sqlite': SearchFigures;
  readonly append: AppendFigures;
  readonly 'append-sqlite': AppendFigures;
  readonly 'at-once': AtOnceFigures;
  readonly 'at-once-sqlite': AtOnceFigures;
  readonly rebuild: { readonly ms: number };
  readonly crash: { readonly done: true };
  readonly reopen: ReopenFigures;
}

export async function runScenario<N extends keyof Scenarios>(
  name: N,
  folder: string,
  size: number,
  ...more: readonly string[]
): Promise<Scenarios[N]> {
  const script = join(import.meta.dirname, 'scenario-child.ts');
  const child = spawn(process.execPath, ['--expose-gc', script, name, folder, String(size), ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0 && name !== 'crash') throw new Error(`Measuring ${name} ended with ${String(code)}.`);
  return JSON.parse(output) as Scenarios[N]; // what the child prints for this name
}
