import { keywordsOf, normalised, wordsOf } from './normalise.ts';

/** What texts are compared by. */
export interface Sketch {
  /** Normalised. */
  readonly plain: string;
  /** Letters of each keyword, three at a time, the word's ends marked; as numbers, ascending, each once. */
  readonly grams: Float64Array;
  /** Keywords, each once. */
  readonly keys: readonly string[];
  /** Numbers in it, in one text. */
  readonly numbers: string;
  readonly isNegated: boolean;
}

const NEGATIONS = new Set(['not', 'no', 'never', 'without', 'hate', 'dislike', 'stopped', 'nobody', 'nothing']);

export function sketchOf(text: string): Sketch {
  const plain = normalised(text);
  const words = wordsOf(plain);
  // Numbers are compared by themselves: another number is another claim about the same thing.
  const keys = [...new Set(keywordsOf(words).filter((word) => !NEGATIONS.has(word) && !/\d/.test(word)))];
  return {
    plain,
    grams: gramsOf(keys),
    keys,
    numbers: words
      .filter((word) => /\d/.test(word))
      .sort()
      .join(' '),
    isNegated: words.filter((word) => NEGATIONS.has(word) || NEGATIONS.has(word.replace(/s$/, ''))).length % 2 === 1,
  };
}

/** Typing errors and endings change few of them. */
function gramsOf(keys: readonly string[]): Float64Array {
  const grams: number[] = [];
  for (const key of keys) {
    const marked = `^${key}$`;
    for (let at = 0; at + 3 <= marked.length; at += 1) grams.push(gramAt(marked, at));
  }
  const sorted = Float64Array.from(grams).sort();
  return sorted.filter((gram, at) => gram !== sorted[at - 1]);
}

/** Three UTF-16 units side by side: 48 bits, which a number holds exactly. */
function gramAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 0x1_0000 + text.charCodeAt(at + 1)) * 0x1_0000 + text.charCodeAt(at + 2);
}

/**
 * The mean of how many letters and how many keywords two texts share, in [0, 1]. Words alone miss typing errors, letters
 * alone take *cat* for *car*.
 */
export function similarity(a: Sketch, b: Sketch): number {
  return (sharedLetters(a, b) + sharedKeys(a, b)) / 2;
}

function sharedLetters({ grams: a }: Sketch, { grams: b }: Sketch): number {
  let [atA, atB, shared] = [0, 0, 0];
  while (atA < a.length && atB < b.length) {
    const difference = (a[atA] ?? 0) - (b[atB] ?? 0);
    if (difference === 0) shared += 1;
    if (difference <= 0) atA += 1;
    if (difference >= 0) atB += 1;
  }
  return jaccard(shared, a.length, b.length);
}

function sharedKeys({ keys: a }: Sketch, { keys: b }: Sketch): number {
  const shared = a.reduce((sum, key) => (b.includes(key) ? sum + 1 : sum), 0);
  return jaccard(shared, a.length, b.length);
}

/** Of two sets of these sizes that have so many members in common; two empty ones are the same. */
export function jaccard(shared: number, a: number, b: number): number {
  return a === 0 && b === 0 ? 1 : shared / (a + b - shared);
}
