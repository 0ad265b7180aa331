import type { TimeSlices } from '../lib/time-slices.ts';
import { createCandidates } from './text/candidates.ts';
import { type Sketch, similarity, sketchOf } from './text/sketch.ts';

/** How two texts stand to each other. */
export type Likeness =
  /** The same but for case, accents and punctuation. */
  | 'exact'
  /** So alike that they probably say the same. */
  | 'near'
  /** Alike, but one denies the other, or gives another number. */
  | 'contradicts'
  | 'different';

export interface Duplicate {
  readonly id: string;
  readonly likeness: 'exact' | 'near' | 'contradicts';
  /** In [0, 1]; 1 for exact ones. */
  readonly similarity: number;
}

/** From this similarity on, texts are offered for merging; measured in test/main/memory/duplicates.test.ts. */
export const NEAR = 0.62;

function compare(a: Sketch, b: Sketch): { likeness: Likeness; similarity: number } {
  if (a.plain === b.plain) return { likeness: 'exact', similarity: 1 };
  const alike = similarity(a, b);
  if (alike < NEAR) return { likeness: 'different', similarity: alike };
  const denies = a.isNegated !== b.isNegated || a.numbers !== b.numbers;
  return { likeness: denies ? 'contradicts' : 'near', similarity: alike };
}

/** Compares two texts by themselves. */
export function likeness(a: string, b: string): { readonly likeness: Likeness; readonly similarity: number } {
  return compare(sketchOf(a), sketchOf(b));
}

/** Texts by id in which like ones are found without comparing all. */
export interface DuplicateIndex {
  /** Costs little; the text is looked at when it is first needed. */
  put(id: string, text: string): void;
  remove(id: string): void;
  /** What waits is not looked at any more. */
  clear(): void;
  /** Looks at the texts that wait, giving the event loop back in between. */
  settle(slices: TimeSlices): Promise<void>;
  /** Like texts, most alike first. */
  find(text: string): Duplicate[];
  /** What `find` gives, and then the text is among them. */
  findAndPut(id: string, text: string): Duplicate[];
}

interface Entry {
  readonly id: string;
  readonly sketch: Sketch;
}

export function createDuplicateIndex(): DuplicateIndex {
  const waiting = new Map<string, string>();
  const slotOf = new Map<string, number>();
  const entries: (Entry | undefined)[] = [];
  const free: number[] = [];
  const candidates = createCandidates(NEAR);
  // Texts without any keyword have nothing to compare.
  const bare = new Map<string, Set<number>>();

  function remove(id: string): void {
    waiting.delete(id);
    const slot = slotOf.get(id);
    const entry = slot === undefined ? undefined : entries[slot];
    if (slot === undefined || !entry) return;
    if (entry.sketch.keys.length > 0) candidates.remove(slot, entry.sketch);
    else takeFrom(bare, entry.sketch.plain, slot);
    slotOf.delete(id);
    entries[slot] = undefined;
    free.push(slot);
  }

  function add(entry: Entry): void {
    remove(entry.id);
    const slot = free.pop() ?? entries.length;
    entries[slot] = entry;
    slotOf.set(entry.id, slot);
    const { plain, keys } = entry.sketch;
    if (keys.length > 0) candidates.add(slot, entry.sketch);
    else bare.set(plain, (bare.get(plain) ?? new Set()).add(slot));
  }

  function settleAll(): void {
    for (const [id, text] of waiting) add({ id, sketch: sketchOf(text) });
  }

  function like(sketch: Sketch): Duplicate[] {
    const found: Duplicate[] = [];
    const slots = sketch.keys.length > 0 ? candidates.of(sketch) : (bare.get(sketch.plain) ?? []);
    for (const slot of slots) {
      const other = entries[slot];
      if (!other) continue;
      const { likeness: how, similarity: alike } = compare(sketch, other.sketch);
      if (how !== 'different') found.push({ id: other.id, likeness: how, similarity: alike });
    }
    return found.sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
  }

  return {
    put(id, text) {
      remove(id);
      waiting.set(id, text);
    },
    remove,
    clear: () => waiting.clear(),
    async settle(slices) {
      for (const [id, text] of waiting) {
        add({ id, sketch: sketchOf(text) });
        await slices.pause();
      }
    },
    find(text) {
      settleAll();
      return like(sketchOf(text));
    },
    findAndPut(id, text) {
      settleAll();
      const entry = { id, sketch: sketchOf(text) };
      remove(id);
      const found = like(entry.sketch);
      add(entry);
      return found;
    },
  };
}

function takeFrom(sets: Map<string, Set<number>>, key: string, member: number): void {
  const set = sets.get(key);
  set?.delete(member);
  if (set?.size === 0) sets.delete(key);
}
