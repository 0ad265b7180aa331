import { BANDS } from './min-hash.ts';

/**
 * Which texts share a band of their MinHash signature. Texts are known by small numbers, their slots. A hash table in typed
 * arrays: 32 bands of 100,000 texts take 40 MB as two numbers each, and 500 MB as sets.
 */
export interface BandTable {
  add(slot: number, bands: Uint32Array): void;
  /** @param bands those it was added with */
  remove(slot: number, bands: Uint32Array): void;
  /** Slots that share a band, each once. */
  sharing(bands: Uint32Array): number[];
}

/** Where there is no further entry. */
const END = -1;

export function createBandTable(): BandTable {
  let capacity = 64;
  // Entry `slot × BANDS + band` stands in the chain of its key.
  let keys = new Uint32Array(capacity * BANDS);
  let next = new Int32Array(capacity * BANDS);
  let heads = emptyHeads(capacity);
  let lastSeen = new Uint32Array(capacity);
  let look = 0;
  const held = new Set<number>();

  function chainOf(band: number, key: number): number {
    const mixed = Math.imul(key ^ Math.imul(band + 1, 0x9e37_79b1), 0x85eb_ca6b);
    return (mixed ^ (mixed >>> 15)) & (heads.length - 1);
  }

  function link(slot: number): void {
    for (let entry = slot * BANDS; entry < (slot + 1) * BANDS; entry += 1) {
      const chain = chainOf(entry % BANDS, keys[entry] ?? 0);
      next[entry] = heads[chain] ?? END;
      heads[chain] = entry;
    }
  }

  function grow(slot: number): void {
    if (slot < capacity) return;
    capacity = Math.max(slot + 1, capacity * 2);
    const former = keys;
    keys = new Uint32Array(capacity * BANDS);
    keys.set(former);
    next = new Int32Array(capacity * BANDS);
    heads = emptyHeads(capacity);
    lastSeen = new Uint32Array(capacity);
    look = 0;
    for (const each of held) link(each);
  }

  return {
    add(slot, bands) {
      grow(slot);
      keys.set(bands, slot * BANDS);
      held.add(slot);
      link(slot);
    },
    remove(slot, bands) {
      held.delete(slot);
      for (const [band, key] of bands.entries()) {
        const entry = slot * BANDS + band;
        const chain = chainOf(band, key);
        let [before, at] = [END, heads[chain] ?? END];
        while (at !== END && at !== entry) [before, at] = [at, next[at] ?? END];
        if (at === END) continue;
        if (before === END) heads[chain] = next[at] ?? END;
        else next[before] = next[at] ?? END;
      }
    },
    sharing(bands) {
      look += 1;
      const found: number[] = [];
      for (let band = 0; band < BANDS; band += 1) {
        const key = bands[band] ?? 0;
        for (let entry = heads[chainOf(band, key)] ?? END; entry !== END; entry = next[entry] ?? END) {
          const slot = (entry - (entry % BANDS)) / BANDS;
          if (keys[entry] !== key || entry % BANDS !== band || lastSeen[slot] === look) continue;
          lastSeen[slot] = look;
          found.push(slot);
        }
      }
      return found;
    },
  };
}

/** About as many chains as entries, a power of two. */
function emptyHeads(capacity: number): Int32Array<ArrayBuffer> {
  return new Int32Array(2 ** Math.ceil(Math.log2(capacity * BANDS))).fill(END);
}
