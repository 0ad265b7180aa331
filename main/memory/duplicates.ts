import { bandsOf, jaccard, minHash } from './text/min-hash.ts';
import { keywords, normalised, words } from './text/normalise.ts';

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

const NEGATIONS = new Set(['not', 'no', 'never', 'without', 'hate', 'dislike', 'stopped', 'nobody', 'nothing']);

interface Sketch {
  readonly plain: string;
  readonly grams: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  readonly numbers: string;
  readonly isNegated: boolean;
}

function sketch(text: string): Sketch {
  const all = words(text);
  // Numbers are compared by themselves: another number is another claim about the same thing.
  const keys = keywords(text).filter((word) => !NEGATIONS.has(word) && !/\d/.test(word));
  return {
    plain: normalised(text),
    grams: gramsOf(keys),
    keys: new Set(keys),
    numbers: all
      .filter((word) => /\d/.test(word))
      .sort()
      .join(' '),
    isNegated: all.filter((word) => NEGATIONS.has(word) || NEGATIONS.has(word.replace(/s$/, ''))).length % 2 === 1,
  };
}

/** Letters of each keyword, three at a time, the word's ends marked: typing errors and endings change few of them. */
function gramsOf(keys: readonly string[]): Set<string> {
  const grams = new Set<string>();
  for (const key of keys) {
    const marked = `^${key}$`;
    for (let at = 0; at + 3 <= marked.length; at += 1) grams.add(marked.slice(at, at + 3));
  }
  return grams;
}

/**
 * The mean of how many letters and how many keywords two texts share. Words alone miss typing errors, letters alone take
 * *cat* for *car*.
 */
function similarity(a: Sketch, b: Sketch): number {
  return (jaccard(a.grams, b.grams) + jaccard(a.keys, b.keys)) / 2;
}

function compare(a: Sketch, b: Sketch): { likeness: Likeness; similarity: number } {
  if (a.plain === b.plain) return { likeness: 'exact', similarity: 1 };
  const alike = similarity(a, b);
  if (alike < NEAR) return { likeness: 'different', similarity: alike };
  const denies = a.isNegated !== b.isNegated || a.numbers !== b.numbers;
  return { likeness: denies ? 'contradicts' : 'near', similarity: alike };
}

/** Compares two texts by themselves. */
export function likeness(a: string, b: string): { readonly likeness: Likeness; readonly similarity: number } {
  return compare(sketch(a), sketch(b));
}

/** Texts by id in which like ones are found without comparing all. */
export interface DuplicateIndex {
  put(id: string, text: string): void;
  remove(id: string): void;
  /** Like texts, most alike first. */
  find(text: string): Duplicate[];
}

export function createDuplicateIndex(): DuplicateIndex {
  const sketches = new Map<string, Sketch & { readonly bands: readonly (string | number)[] }>();
  const byBand = new Map<string | number, Set<string>>();
  const remove = (id: string): void => {
    for (const band of sketches.get(id)?.bands ?? []) {
      const ids = byBand.get(band);
      ids?.delete(id);
      if (ids?.size === 0) byBand.delete(band);
    }
    sketches.delete(id);
  };
  return {
    put(id, text) {
      remove(id);
      const made = sketch(text);
      const bands = keysOf(made);
      sketches.set(id, { ...made, bands });
      for (const band of bands) {
        const ids = byBand.get(band) ?? new Set();
        byBand.set(band, ids.add(id));
      }
    },
    remove,
    find(text) {
      const wanted = sketch(text);
      const candidates = new Set(keysOf(wanted).flatMap((band) => [...(byBand.get(band) ?? [])]));
      return [...candidates]
        .flatMap((id) => {
          const found = sketches.get(id);
          const compared = found && compare(wanted, found);
          return compared && compared.likeness !== 'different' ? [{ id, ...compared } as Duplicate] : [];
        })
        .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
    },
  };
}

/** The whole text is a key too: one without any keyword has no letters to compare. */
function keysOf({ plain, grams }: Sketch): (string | number)[] {
  return [`=${plain}`, ...(grams.size === 0 ? [] : bandsOf(minHash(grams)))];
}
