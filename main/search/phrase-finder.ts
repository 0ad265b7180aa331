import type { Phrase } from './query.ts';
import { isPlain, visitPlainTokens, visitTokens } from './tokens.ts';

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

/** Where the phrases stand in a text, overlapping ones included. */
export function findPhrases(text: string, phrases: readonly Phrase[], options: FindOptions): PhraseMatch[] {
  return isPlain(text) ? findInPlain(text, phrases, options) : findInAny(text, phrases, options);
}

/** In the order of their ends. */
function findInAny(text: string, phrases: readonly Phrase[], options: FindOptions): PhraseMatch[] {
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

/** Makes tokens only where a phrase may begin: most of a text is passed over. In the order of their starts. */
function findInPlain(text: string, phrases: readonly Phrase[], { limit }: FindOptions): PhraseMatch[] {
  const matches: PhraseMatch[] = [];
  const beginnings = beginningsOf(phrases);
  // Set each time, since the expression is kept.
  beginnings.lastIndex = 0;
  for (let found = beginnings.exec(text); found !== null; found = beginnings.exec(text)) {
    const start = found.index;
    phrases.forEach((phrase, index) => {
      for (const end of endsAt(text, start, phrase)) matches.push({ phrase: index, start, end });
    });
    if (matches.length >= limit) break;
  }
  return matches;
}

/** Where the phrase ends that begins with the word at this place; nowhere, mostly. */
function endsAt(text: string, start: number, phrase: Phrase): number[] {
  const ends: number[] = [];
  let at = 0;
  visitPlainTokens(text, start, (token, tokenStart, end) => {
    // `C++` is two tokens in one place, and one beginning may be that of both.
    if (at === 1 && tokenStart === start && phrase.tokens.length === 1) at = 0;
    if (!fits(phrase, at, token)) return false;
    at += 1;
    if (at === phrase.tokens.length) ends.push(end);
    return true;
  });
  return ends;
}

/** Made once for a query, which goes through thousands of texts. */
const expressions = new WeakMap<readonly Phrase[], RegExp>();

function beginningsOf(phrases: readonly Phrase[]): RegExp {
  const expression = expressions.get(phrases) ?? expressionOf(phrases);
  expressions.set(phrases, expression);
  return expression;
}

/** No phrase begins with the second token of a word such as `C++`. */
function expressionOf(phrases: readonly Phrase[]): RegExp {
  const first = new Set(phrases.flatMap(({ tokens }) => tokens.slice(0, 1)));
  const words = [...first].map((token) => token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(words.length === 0 ? '(?!)' : `(?<![A-Za-z0-9])(?:${words.join('|')})`, 'gi');
}

function fits(phrase: Phrase | undefined, at: number, token: string): boolean {
  const wanted = phrase?.tokens[at];
  if (phrase === undefined || wanted === undefined) return false;
  return token === wanted || (phrase.prefix && at === phrase.tokens.length - 1 && token.startsWith(wanted));
}

/** The first token of the phrase if the last tokens seen are the phrase. */
function endsWith(recent: readonly Seen[], phrase: Phrase): Seen | null {
  const from = recent.length - phrase.tokens.length;
  const last = phrase.tokens.length - 1;
  for (let at = last; at >= 0; at -= 1) {
    const seen = recent[from + at]?.token;
    if (seen === undefined || !fits(phrase, at, seen)) return null;
  }
  return recent[from] ?? null;
}
