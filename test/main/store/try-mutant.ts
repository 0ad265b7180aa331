import { spawn } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

const project = join(import.meta.dirname, '../../..');
/** What the enumeration needs of the sources. */
const copied = ['package.json', 'shared', 'main', 'test/helpers', 'test/main/store'];

/** Copies the sources into an empty folder, changes them, and returns what the enumeration finds there first: null, nothing. */
export async function tryMutant(folder: string, { file, from, to, by }: Mutant, seeds: number): Promise<string | null> {
  for (const path of copied) cpSync(join(project, path), join(folder, path), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const path = join(folder, 'main/store', file);
  const source = readFileSync(path, 'utf8');
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not have this text once, so the mutant has to follow the store: ${from}`);
  }
  writeFileSync(path, `${before}${to}${after}`);
  return JSON.parse(
    await run(join(folder, 'test/main/store/children/enumerate-crashes.ts'), [by ?? 'crashes', String(seeds)]),
  ) as string | null;
}

function run(script: string, values: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [script, ...values], { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(Buffer.concat(parts).toString('utf8'));
      else reject(new Error(`the enumeration ended with ${code}: ${Buffer.concat(errors).toString('utf8')}`));
    });
  });
}
