import { tokensOf } from './tokens.ts';

/** Words that must stand next to each other; the last may go on where `prefix` is set. */
export interface Phrase {
  readonly tokens: readonly string[];
  readonly prefix: boolean;
}

export type SearchQuery =
  | { readonly kind: 'words'; readonly phrases: readonly Phrase[] }
  /** No word in it: looked for as it stands. */
  | { readonly kind: 'substring'; readonly text: string }
  | { readonly kind: 'empty' };

/** Far above what anybody types; a pasted book must not become an expression of a million words. */
const mostTokens = 400;

/**
 * What a person's text asks for. Nothing in it is syntax: every run of characters without blanks is a phrase of its
 * words (`foo_bar`, a URL, 日本語), all phrases must be found, and the last is a prefix because it may still be typed.
 */
export function parseQuery(text: string): SearchQuery {
  // Unicode blanks and control characters part words; NUL is one of them.
  const chunks = text.split(/[\s\p{Cc}]+/u).filter(Boolean);
  const phrases: Phrase[] = [];
  let tokenCount = 0;
  for (const chunk of chunks) {
    const tokens = tokensOf(chunk).slice(0, mostTokens - tokenCount);
    tokenCount += tokens.length;
    if (tokens.length > 0) phrases.push({ tokens, prefix: false });
  }
  const last = phrases.pop();
  if (last) return { kind: 'words', phrases: withoutRepeats([...phrases, { ...last, prefix: true }]) };
  const bare = text.replace(/^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu, '');
  return bare === '' ? { kind: 'empty' } : { kind: 'substring', text: bare };
}

function withoutRepeats(phrases: readonly Phrase[]): Phrase[] {
  return [...new Map(phrases.map((phrase) => [`${phrase.prefix} ${phrase.tokens.join(' ')}`, phrase])).values()];
}

/**
 * The query in FTS5's language. Tokens hold no quote, so quoting them is enough.
 * `whole`: all words as they stand, the last too.
 */
export function ftsExpression(phrases: readonly Phrase[], lastWord: 'prefix' | 'whole' = 'prefix'): string {
  const star = lastWord === 'prefix' ? ' *' : '';
  return phrases.map(({ tokens, prefix }) => `"${tokens.join(' ')}"${prefix ? star : ''}`).join(' AND ');
}
