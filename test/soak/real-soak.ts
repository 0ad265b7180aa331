import { runReal } from '../main/sync/real/real-histories.ts';
import type { ServerFault } from '../main/sync/real/server-faults.ts';
import { dice } from '../main/sync/sim-random.ts';

const GROUP = 25;
const FIRST_SEED = 10_000;
const FAULTS: readonly ServerFault[] = ['killed', 'disk full', 'rights revoked', 'connections closed', 'writes unsure', 'slow']; // prettier-ignore
const OF_SETS: readonly ServerFault[] = [...FAULTS, 'stepped down', 'history lost'];

/** Histories on real servers, group after group, each with faults of its own. Throws Violation. */
export async function soakReal(histories: number, from = 0): Promise<void> {
  for (let done = 0; done < histories; done += GROUP) {
    const seed = FIRST_SEED + from + done;
    const random = dice(seed);
    const kind = random.chance(0.7) ? 'replica-set' : 'standalone';
    const some = Array.from({ length: 4 }, () => random.pick(kind === 'standalone' ? FAULTS : OF_SETS));
    // A server is set back to a time that it has been at.
    const faults = ['backed up', ...some.slice(0, 2), 'restored', ...some.slice(2)] as const;
    const { conflicts, kills } = await runReal({ kind, seed, histories: GROUP, faults });
    process.stdout.write(`${done + GROUP} histories; ${kind} from ${seed}: ${conflicts} conflicts, ${kills} kills\n`);
  }
}
