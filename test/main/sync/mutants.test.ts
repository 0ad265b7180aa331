import { spawn } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { type Mutant, mutants } from './mutants.ts';

const project = join(import.meta.dirname, '../../..');
/** What a history needs of the sources. */
const copied = ['package.json', 'shared', 'main/lib', 'main/records', 'main/sync', 'test/main/sync'];
/** Histories enough to find each. */
const SEEDS = 4_000;

function copyWith({ file, from, to }: Mutant): string {
  const folder = tempFolder();
  for (const path of copied) cpSync(join(project, path), join(folder, path), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const path = join(folder, file);
  const [before, after, ...more] = readFileSync(path, 'utf8').split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not have this text once, so the mutant has to follow it: ${from}`);
  }
  writeFileSync(path, `${before}${to}${after}`);
  return join(folder, 'test/main/sync/children/find-violation.ts');
}

function run(script: string, first = 1): Promise<string> {
  const child = spawn(process.execPath, [script, String(SEEDS), String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(Buffer.concat(parts).toString('utf8'));
      else reject(new Error(`the histories ended with ${code}`));
    });
  });
}

for (const mutant of mutants) {
  test(`the histories find this fault: ${mutant.name}`, async () => {
    const found = JSON.parse(await run(copyWith(mutant), mutant.first)) as string | null;
    expect(found ?? 'nothing').toMatch(mutant.by);
  }, 600_000);
}
