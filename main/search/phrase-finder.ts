import type { Phrase } from './query.ts';
import { visitTokens } from './tokens.ts';

export interface PhraseMatch {
  /** Index in the query's phrases. */
  readonly phrase: number;
  /** [start, end) in UTF-16 code units of the text. */
  readonly start: number;
  readonly end: number;
}

export interface FindOptions {
  /** Stop after so many matches. */
  readonly limit: number;
}

interface Seen {
  readonly token: string;
  readonly start: number;
}

/** Where the phrases stand in a text, in the order of their ends; overlapping ones included. */
export function findPhrases(text: string, phrases: readonly Phrase[], options: FindOptions): PhraseMatch[] {
  const matches: PhraseMatch[] = [];
  const longest = Math.max(0, ...phrases.map((phrase) => phrase.tokens.length));
  const recent: Seen[] = [];
  visitTokens(text, (token, start, end) => {
    recent.push({ token, start });
    if (recent.length > longest) recent.shift();
    phrases.forEach((phrase, index) => {
      const first = endsWith(recent, phrase);
      if (first !== null) matches.push({ phrase: index, start: first.start, end });
    });
    return matches.length < options.limit;
  });
  return matches;
}

/** The first token of the phrase if the last tokens seen are the phrase. */
function endsWith(recent: readonly Seen[], phrase: Phrase): Seen | null {
  const from = recent.length - phrase.tokens.length;
  const last = phrase.tokens.length - 1;
  for (let at = last; at >= 0; at -= 1) {
    const seen = recent[from + at]?.token;
    const wanted = phrase.tokens[at];
    if (seen === undefined || wanted === undefined) return null;
    if (seen !== wanted && !(phrase.prefix && at === last && seen.startsWith(wanted))) return null;
  }
  return recent[from] ?? null;
}
