/** Which texts have which words, for BM25 (Robertson and Zaragoza, 2009). Texts are known by small numbers, their slots. */
export interface RecallWords {
  add(slot: number, words: readonly string[]): void;
  /** @param words those it was added with */
  remove(slot: number, words: readonly string[]): void;
  /** Texts with any of these words, and what each is worth to them. What it gives is overwritten by the next call. */
  relevances(words: readonly string[]): Relevances;
}

export interface Relevances {
  /** Slots, in no order; the first `count` hold. */
  readonly slots: Uint32Array;
  readonly count: number;
  /** By slot. */
  readonly scores: Float64Array;
}

/** The texts that have one word, side by side, so that thousands are gone through without an object for each. */
interface Posting {
  slots: Uint32Array;
  counts: Uint16Array;
  size: number;
}

const K1 = 1.2;
const B = 0.5;
const MAX_COUNT = 0xffff;

export function createRecallWords(): RecallWords {
  const postings = new Map<string, Posting>();
  let lengths = new Uint32Array(64);
  let scores = new Float64Array(64);
  let touched = new Uint32Array(64);
  let touchedCount = 0;
  let texts = 0;
  let total = 0;

  function reserve(slot: number): void {
    if (slot < lengths.length) return;
    const size = Math.max(slot + 1, lengths.length * 2);
    lengths = grown(lengths, new Uint32Array(size));
    scores = new Float64Array(size);
    touched = new Uint32Array(size);
    touchedCount = 0;
  }

  /** What a word that so few have is worth. */
  function rarity(size: number): number {
    return Math.log(1 + (texts - size + 0.5) / (size + 0.5));
  }

  function score({ slots, counts, size }: Posting): void {
    const rare = rarity(size);
    const [base, perWord] = [K1 * (1 - B), (K1 * B * texts) / Math.max(1, total)];
    for (let at = 0; at < size; at += 1) {
      const slot = slots[at] ?? 0;
      const count = counts[at] ?? 0;
      const before = scores[slot] ?? 0;
      // Every word is worth more than nothing, so 0 is one that was not touched yet.
      if (before === 0) touched[touchedCount++] = slot;
      scores[slot] = before + (rare * count * (K1 + 1)) / (count + base + perWord * (lengths[slot] ?? 0));
    }
  }

  return {
    add(slot, words) {
      reserve(slot);
      lengths[slot] = words.length;
      texts += 1;
      total += words.length;
      for (const [word, count] of countsOf(words)) {
        const posting = postings.get(word) ?? { slots: new Uint32Array(2), counts: new Uint16Array(2), size: 0 };
        push(posting, slot, Math.min(count, MAX_COUNT));
        postings.set(word, posting);
      }
    },
    remove(slot, words) {
      texts -= 1;
      total -= words.length;
      for (const word of new Set(words)) {
        const posting = postings.get(word);
        if (posting) takeOut(posting, slot);
        if (posting?.size === 0) postings.delete(word);
      }
    },
    relevances(words) {
      for (let at = 0; at < touchedCount; at += 1) scores[touched[at] ?? 0] = 0;
      touchedCount = 0;
      for (const word of new Set(words)) {
        const posting = postings.get(word);
        if (posting) score(posting);
      }
      return { slots: touched, count: touchedCount, scores };
    },
  };
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function push(posting: Posting, slot: number, count: number): void {
  if (posting.size === posting.slots.length) {
    posting.slots = grown(posting.slots, new Uint32Array(posting.size * 2));
    posting.counts = grown(posting.counts, new Uint16Array(posting.size * 2));
  }
  posting.slots[posting.size] = slot;
  posting.counts[posting.size] = count;
  posting.size += 1;
}

/** The last one takes its place. */
function takeOut(posting: Posting, slot: number): void {
  const at = posting.slots.indexOf(slot);
  if (at === -1 || at >= posting.size) return;
  posting.size -= 1;
  posting.slots[at] = posting.slots[posting.size] ?? 0;
  posting.counts[at] = posting.counts[posting.size] ?? 0;
}

function grown<T extends Uint16Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
