import { type Sketch, jaccard } from './sketch.ts';

/**
 * Which texts can be as similar as asked (`similarity` of sketch.ts), by their keywords and by how many letters each has. Exact:
 * it leaves out only what cannot be. Texts are known by small numbers, their slots.
 */
export interface Candidates {
  add(slot: number, sketch: Sketch): void;
  /** @param sketch the one it was added with */
  remove(slot: number, sketch: Sketch): void;
  /** Slots, each once. Texts without any keyword have none. */
  of(sketch: Sketch): number[];
}

const ROUNDING = 1e-9;

/** @param least similarity that is asked, above 0.5: two texts without a common keyword cannot have it */
export function createCandidates(least: number): Candidates {
  const slotsOf = new Map<string, number[]>();
  /** Were all the letters the same, keywords would have to be shared by so much. */
  const leastOfKeys = 2 * least - 1;
  let keyCounts = new Uint32Array(64);
  let letterCounts = new Uint32Array(64);
  let letterBits = new Uint32Array(64 * WORDS);
  /** How many keywords were met in the present look; 0 between looks. */
  let met = new Uint32Array(64);

  /**
   * Of n keywords at least leastOfKeys × n are shared. So what is alike has one of any others: those that most texts have need
   * not be followed to find it, only to count.
   */
  function meet({ keys }: Sketch): readonly (readonly number[])[] {
    const lists = keys.map((key) => slotsOf.get(key) ?? []).sort((a, b) => a.length - b.length);
    const spare = Math.max(0, Math.ceil(leastOfKeys * keys.length - ROUNDING) - 1);
    const followed = lists.slice(0, lists.length - spare);
    for (const list of followed) for (const slot of list) met[slot] = (met[slot] as number) + 1;
    for (const list of lists.slice(followed.length)) {
      for (const slot of list) if (met[slot] !== 0) met[slot] = (met[slot] as number) + 1;
    }
    return followed;
  }

  /** A bit that only one of two texts has stands for a letter at least that the other has not. */
  function mostOfLetters(count: number, bits: Uint32Array, slot: number): number {
    const other = letterCounts[slot] as number;
    let [own, others] = [count, other];
    for (let word = 0; word < WORDS; word += 1) {
      const [a, b] = [bits[word] as number, letterBits[slot * WORDS + word] as number];
      own -= countOf(a & ~b);
      others -= countOf(b & ~a);
    }
    return jaccard(Math.min(own, others), count, other);
  }

  return {
    add(slot, { keys, grams }) {
      if (slot >= met.length) {
        keyCounts = enlarged(keyCounts, slot * 2);
        letterCounts = enlarged(letterCounts, slot * 2);
        letterBits = enlarged(letterBits, slot * 2 * WORDS);
        met = enlarged(met, slot * 2);
      }
      keyCounts[slot] = keys.length;
      letterCounts[slot] = grams.length;
      letterBits.set(bitsOf(grams), slot * WORDS);
      for (const key of keys) {
        const slots = slotsOf.get(key);
        if (slots) slots.push(slot);
        else slotsOf.set(key, [slot]);
      }
    },
    remove(slot, { keys }) {
      for (const key of keys) {
        const slots = slotsOf.get(key) ?? [];
        const last = slots.pop();
        if (last !== undefined && last !== slot) slots[slots.indexOf(slot)] = last;
        if (slots.length === 0) slotsOf.delete(key);
      }
    },
    of(sketch) {
      const found: number[] = [];
      const keys = sketch.keys.length;
      const bits = bitsOf(sketch.grams);
      for (const list of meet(sketch)) {
        for (const slot of list) {
          const shared = met[slot] as number;
          if (shared === 0) continue;
          met[slot] = 0;
          const ofKeys = jaccard(shared, keys, keyCounts[slot] as number);
          if (ofKeys < leastOfKeys - ROUNDING) continue;
          if (ofKeys + mostOfLetters(sketch.grams.length, bits, slot) >= 2 * least - ROUNDING) found.push(slot);
        }
      }
      return found;
    },
  };
}

const WORDS = 2;

/** A bit for each of a text's letters; several may have the same. */
function bitsOf(grams: Float64Array): Uint32Array {
  const bits = new Uint32Array(WORDS);
  for (const gram of grams) {
    const bit = gram % (WORDS * 32 - 3);
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
  }
  return bits;
}

function countOf(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

function enlarged(old: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(old);
  return larger;
}
