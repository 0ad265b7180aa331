import { randomFillSync } from 'node:crypto';
import { v5, v7 } from 'uuid';
import type { Clock } from './clock.ts';

/** A new record id: UUIDv7, so that ids sort by the time they were minted. */
export function newId(clock: Clock): string {
  return v7({ msecs: clock.now(), random: sixteenRandomBytes() });
}

/** Drawn many at a time: asking the system for sixteen bytes costs more than all the rest of an id. */
const pool = new Uint8Array(4096);
let unused = pool.length;

function sixteenRandomBytes(): Uint8Array {
  if (unused === pool.length) {
    randomFillSync(pool);
    unused = 0;
  }
  unused += 16;
  return pool.slice(unused - 16, unused);
}

/** The namespace of ids derived from other programs' ids (a UUIDv4 drawn once; never change it). */
const FOREIGN = '3f0c4dd8-9f53-4a6e-8d3b-8f6f4e0f6a51';

/** The same id for the same parts, on every machine and in every run: UUIDv5 (RFC 9562 §5.5). */
export function derivedId(...parts: readonly string[]): string {
  return v5(JSON.stringify(parts), FOREIGN);
}
