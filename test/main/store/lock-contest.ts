import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openVault } from '../../../main/store/vault.ts';

const script = join(import.meta.dirname, 'children/hold-vault.ts');

interface Contender {
  readonly child: ChildProcess;
  readonly said: () => Promise<string>;
}

function contend(root: string, startAtMs: number): Contender {
  const child = spawn(process.execPath, [script, root, String(startAtMs)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, said: async () => String((await lines.next()).value) };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Processes that find a dead owner at the same instant. Returns in how many rounds one took over; throws where two did. */
export async function contestLocks(root: string, rounds: number, contenders = 4): Promise<number> {
  await (await openVault({ root, mode: 'owner', create: true })).close();
  let taken = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const dead = contend(root, 0);
    const first = await dead.said();
    if (first !== 'open') throw new Error(`round ${round}: the vault does not open: ${first}`);
    await end(dead.child);
    const startAtMs = Date.now() + 1_500;
    const all = Array.from({ length: contenders }, () => contend(root, startAtMs));
    const said = await Promise.all(all.map((each) => each.said()));
    const owners = said.filter((line) => line === 'open').length;
    await Promise.all(all.map((each) => end(each.child)));
    if (owners > 1) throw new Error(`round ${round}: ${owners} owners at once`);
    taken += owners;
  }
  return taken;
}
