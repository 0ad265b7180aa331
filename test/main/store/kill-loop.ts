import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openVault } from '../../../main/store/vault.ts';
import { seededRandom } from '../../helpers/sim-disk.ts';

export interface KillReport {
  readonly cycles: number;
  readonly acknowledged: number;
}

/**
 * A process writes to a vault on the real disk and says what was acknowledged; it is killed (SIGKILL) at a random
 * moment, the next takes over. Throws where something acknowledged is missing, or a batch is there in part.
 */
export async function loopKills(root: string, cycles: number): Promise<KillReport> {
  await (await openVault({ root, mode: 'owner', create: true })).close();
  const random = seededRandom(cycles);
  const acknowledged: string[] = [];
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    acknowledged.push(...(await writeAndKill(root, cycle, 5 + random() * 150)));
    // Each takeover is a recovery; all that was said so far is looked for now and then, and at the end.
    if (cycle % 20 === 0 || cycle === cycles) await check(root, acknowledged);
  }
  return { cycles, acknowledged: acknowledged.length };
}

async function writeAndKill(root: string, cycle: number, afterMs: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'children/write-until-killed.ts');
  const child = spawn(process.execPath, [script, root, String(cycle)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'open') setTimeout(() => child.kill('SIGKILL'), afterMs);
    else said.push(line);
  }
  await ended;
  return said;
}

async function check(root: string, acknowledged: readonly string[]): Promise<void> {
  const vault = await openVault({ root, mode: 'owner' });
  try {
    const conversations = new Set((await vault.collection('conversations').find()).map(({ id }) => id));
    const messages = new Set((await vault.collection('messages').find()).map(({ id }) => id));
    for (const line of acknowledged) {
      const [kind, id = ''] = line.split(' ');
      const isThere = kind === 'c' ? conversations.has(id) : messages.has(`${id}-1`);
      if (!isThere) throw new Error(`acknowledged and lost: ${line}`);
    }
    for (const id of messages) {
      const twin = id.endsWith('-1') ? `${id.slice(0, -1)}2` : `${id.slice(0, -1)}1`;
      if (!messages.has(twin)) throw new Error(`half of a batch: ${id}`);
    }
    if (vault.quarantine().some(({ origin }) => !origin.startsWith('_wal/'))) {
      const aside = vault.quarantine().map(({ origin, reason }) => `${origin}: ${reason}`);
      // A kill tears no file but one that was being appended to; what is set aside of those was never acknowledged.
      if (aside.some((each) => !each.includes('cut short') && !each.includes('torn')))
        throw new Error(aside.join('\n'));
    }
  } finally {
    await vault.close();
  }
}
