import { hash } from 'node:crypto';
import type { Lanes } from './ports.ts';

/**
 * A version's part in its day's digest: five 24-bit words of sha256(id NUL rev). Sums of them do not depend on order,
 * are kept up incrementally, and stay exact in a server's $sum (reliability.md §3.9).
 */
export type VersionLanes = readonly [number, number, number, number, number];

export function lanesOf(id: string, rev: string): VersionLanes {
  const bytes = hash('sha256', `${id}\0${rev}`, 'buffer');
  const word = (at: number): number => bytes.readUIntBE(at * 3, 3);
  return [word(0), word(1), word(2), word(3), word(4)];
}

export const noLanes: Lanes = { n: 0, sums: [0, 0, 0, 0, 0] };

/** @param sign 1 to add, -1 to take away */
export function addLanes({ n, sums }: Lanes, lanes: VersionLanes, sign: 1 | -1 = 1): Lanes {
  const sum = (at: 0 | 1 | 2 | 3 | 4): number => sums[at] + sign * lanes[at];
  return { n: n + sign, sums: [sum(0), sum(1), sum(2), sum(3), sum(4)] };
}

export function sameLanes(a: Lanes, b: Lanes): boolean {
  return a.n === b.n && a.sums.every((sum, at) => sum === b.sums[at]);
}

/** Of all groups together. */
export function totalLanes(groups: Iterable<Lanes>): Lanes {
  let total = noLanes;
  for (const { n, sums } of groups) total = { n: total.n + n, sums: addLanes(total, sums).sums };
  return total;
}

/** Which of a day's sixteen parts a version belongs to. */
export function bucketOf(lanes: VersionLanes): number {
  return lanes[0] % 16;
}
