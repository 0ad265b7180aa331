import { onTestFinished } from 'vitest';
import { must } from '../../../shared/assert.ts';
import type { Clock } from '../../../main/lib/clock.ts';
import type { Actor } from '../../../main/memory/audited-writes.ts';
import { type LogFileBytes, type LogVerdict, verifyLog } from '../../../main/memory/log/verify.ts';
import { createMemory } from '../../../main/memory/memory.ts';
import type { MemoryService } from '../../../main/memory/types.ts';
import { nodeFs } from '../../../main/store/node-fs.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from '../store/open-test-vault.ts';

/** A clock that stands still until it is moved. */
export interface HandClock extends Clock {
  forward(days: number): void;
}
export function handClock(start = '2026-03-01T10:00:00.000Z'): HandClock {
  let nowMs = Date.parse(start);
  return { now: () => nowMs, forward: (days) => void (nowMs += days * 86_400_000) };
}

export const person: Actor = { who: 'USER:local', source: 'test' };
export const REPLICA = 'r-test';

export interface MemoryVault {
  readonly vault: Vault;
  readonly clock: HandClock;
  readonly memory: MemoryService;
  /** The files of the log, once all that was committed is in them. */
  readonly files: () => Promise<LogFileBytes[]>;
  readonly verify: () => Promise<LogVerdict>;
}

/** The memory of a new vault on disk. */
export async function memoryVault(): Promise<MemoryVault> {
  const clock = handClock();
  const vault = await openTestVault(tempFolder(), { clock });
  const memory = createMemory({ store: vault, clock, replica: REPLICA });
  onTestFinished(() => memory.close());
  const files = async (): Promise<LogFileBytes[]> => {
    await vault.settleFiles();
    const paths = [...vault.files(['memory_events'])].map(({ path }) => path).sort();
    return paths.map((path) => ({ path, bytes: nodeFs.readFile(`${vault.root}/${path}`) }));
  };
  return { vault, clock, memory, files, verify: async () => verifyLog(await files(), REPLICA) };
}

/** A value that the test has put there itself. */
export function there<T>(value: T | null | undefined): T {
  return must(value ?? undefined, 'is not there');
}
