import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openVault } from '../../../main/store/vault.ts';

const script = join(import.meta.dirname, 'children/hold-vault.ts');

/** Another process with the vault, or one that tries to have it. */
export interface Holder {
  readonly pid: number | undefined;
  /** The next line that it says. */
  next(): Promise<string>;
  send(line: string): void;
  /** Lets it close the vault and end. */
  close(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** @param how `create` a vault where there is none; `wait` for a line before opening it */
export function hold(root: string, ...how: readonly ('create' | 'wait')[]): Holder {
  const child = spawn(process.execPath, [script, root, ...how], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // One that is gone already is sent nothing.
  child.stdin.on('error', () => undefined);
  return {
    pid: child.pid,
    next: async () => String((await lines.next()).value),
    send: (line) => void child.stdin.write(`${line}\n`),
    async close() {
      child.stdin.end();
      await ended;
    },
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

/** Lets go of all at once, and gives what each says: `open`, or the code of the error. */
export async function startTogether(contenders: readonly Holder[]): Promise<string[]> {
  await Promise.all(contenders.map((each) => each.next()));
  for (const each of contenders) each.send('');
  return Promise.all(contenders.map((each) => each.next()));
}

/** Throws where more than one has it, or one was refused otherwise than by name of the lock. Returns how many have it. */
function countOwners(said: readonly string[], round: number): number {
  const owners = said.filter((line) => line === 'open').length;
  const isRight = owners <= 1 && said.every((line) => line === 'open' || line === 'VAULT_LOCKED');
  if (!isRight) throw new Error(`round ${round}: ${said.join(', ')}`);
  return owners;
}

/** Processes that find a dead owner at the same instant. Returns in how many rounds one took over; throws where two did. */
export async function contestLocks(root: string, rounds: number, contenders = 4): Promise<number> {
  await (await openVault({ root, mode: 'owner', create: true })).close();
  let taken = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const dead = hold(root);
    const first = await dead.next();
    if (first !== 'open') throw new Error(`round ${round}: the vault does not open: ${first}`);
    await dead.kill('SIGKILL');
    const all = Array.from({ length: contenders }, () => hold(root, 'wait'));
    taken += countOwners(await startTogether(all), round);
    await Promise.all(all.map((each) => each.kill('SIGKILL')));
  }
  return taken;
}

/** Processes that make one and the same vault at the same instant. Throws where not exactly one has it, and the others are not told so. */
export async function contestMaking(folder: string, rounds: number, contenders = 8): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    const root = join(folder, `deep-${round}/vault`);
    const all = Array.from({ length: contenders }, () => hold(root, 'create', 'wait'));
    const owners = countOwners(await startTogether(all), round);
    if (owners === 0) throw new Error(`round ${round}: nobody has it`);
    await Promise.all(all.map((each) => each.kill('SIGKILL')));
  }
}
