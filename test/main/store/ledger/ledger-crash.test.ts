import { expect, test } from 'vitest';
import { SimDisk, seededRandom } from '../../../helpers/sim-disk.ts';
import { openOnSimDisk } from '../../../helpers/vault-on-sim-disk.ts';
import { withoutTimers } from '../../../helpers/without-timers.ts';
import { newState } from './ledger-bench.ts';
import { type Bench, knownBy, randomAct } from './ledger-crash-workload.ts';

/** Seeds that have found something: a line of an import whose bytes a power cut had changed. */
const FOUND = [112];
/** The first seed. */
const FIRST = Number(process.env['ALMANAC_FIRST'] ?? 1);
/** Workloads, acts in each, and disks put aside at each change of the disk. */
const [WORKLOADS, ACTS, IMAGES] = [Number(process.env['ALMANAC_WORKLOADS'] ?? 24), 14, 1];

interface Image {
  readonly disk: SimDisk;
  readonly label: string;
  /** Acts that were done. */
  readonly done: number;
}

/** A random life of a vault that has a ledger. Disks that a crash may leave are put aside before each change of the disk. */
async function live(seed: number): Promise<{ readonly images: readonly Image[]; readonly states: readonly string[] }> {
  const random = seededRandom(seed);
  const chance = seededRandom(seed + 1_000_003);
  const disk = new SimDisk();
  // Under `full` each commit is an entry of its own; under `normal` those of one turn share one.
  const durability = seed % 2 === 0 ? 'full' : 'normal';
  const first = await openOnSimDisk(disk, true, { durability });
  await first.ledger().commit({ steps: [], state: newState });
  const bench: Bench = { disk, open: () => openOnSimDisk(disk, false, { durability }), vault: first };
  const states = [await knownBy(bench.vault)];
  const images: Image[] = [];
  let label = '';
  const watch = ({ act, path }: { act: string; path: string }): void => {
    if (act === 'read' || chance() < 0.5) return;
    for (let image = 0; image < IMAGES; image += 1) {
      const left = chance() < 0.3 ? disk.afterKill() : disk.afterPowerCut(chance);
      images.push({ disk: left, label: `seed ${seed}, ${label}, before ${act} ${path}`, done: states.length - 1 });
    }
  };
  for (let at = 1; at <= ACTS; at += 1) {
    const act = randomAct(random, at);
    label = `act ${at} (${act.label})`;
    disk.interfere = watch;
    await act.run(bench);
    disk.interfere = () => undefined;
    const known = knownBy(bench.vault);
    states.push(
      await known.catch((error: unknown) => Promise.reject(new Error(`seed ${seed}, ${label}`, { cause: error }))),
    );
  }
  return { images, states };
}

test('whatever a crash leaves, a record and what is known of it at the team’s database agree', async () => {
  await withoutTimers(async () => {
    let checked = 0;
    const seeds = Array.from({ length: WORKLOADS }, (_, at) => FIRST + at);
    for (const seed of [...FOUND, ...seeds]) {
      const { images, states } = await live(seed);
      for (const { disk, label, done } of images) {
        const vault = await openOnSimDisk(disk);
        const found = await knownBy(vault).catch((error: unknown) =>
          Promise.reject(new Error(label, { cause: error })),
        );
        if (found !== states[done] && found !== states[done + 1]) {
          expect.soft(found, label).toBe(states[done]);
          expect(found, label).toBe(states[done + 1]);
        }
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(WORKLOADS * ACTS);
  });
}, 1_800_000);
