import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongodProcess } from '../../../helpers/mongod-process.ts';
import { type GroupReport, runGroup } from './group.ts';
import type { ServerFault } from './server-faults.ts';

export interface Plan {
  readonly kind: 'replica-set' | 'standalone';
  readonly seed: number;
  readonly histories: number;
  readonly faults: readonly ServerFault[];
}

/** In memory where there is such a place: what is killed here is a process, not a machine, so that no disk is needed. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A server of its own, and a group of histories on it. Throws Violation. */
export async function runReal({ kind, seed, histories, faults }: Plan): Promise<GroupReport> {
  const folder = mkdtempSync(join(PLACE, 'almanac-real-'));
  const server = await MongodProcess.start({ kind, folder });
  try {
    const vaults = join(folder, 'vaults');
    return await runGroup({ seed, histories, faults, server, streams: kind === 'replica-set', folder: vaults });
  } finally {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
