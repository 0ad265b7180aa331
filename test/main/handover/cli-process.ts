import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { withCompileCache } from '../../helpers/compile-cache.ts';

const cli = join(import.meta.dirname, '../../../main/cli/cli.ts');

export interface Ended {
  readonly code: number | null;
  /** What it printed with --json. */
  readonly value: unknown;
  readonly note: string;
}

export function startCli(vault: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [cli, '--vault', vault, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withCompileCache(),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [out, note] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (note += data.toString()));
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, value: out === '' ? undefined : (JSON.parse(out) as unknown), note })),
  );
}

export const runCli = (vault: string, args: readonly string[]): Promise<Ended> => ended(startCli(vault, args));
