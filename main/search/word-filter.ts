import type { Phrase } from './query.ts';
import { countTokens, isPlain, visitTokens } from './tokens.ts';

/** A file's bytes, one character each; made once for all words that are looked for in it. */
export type ByteText = string;

/**
 * Tells, without parsing a file, that no phrase stands in it: a word of ASCII letters stands there as it is, in whatever
 * case, or among the words that its texts have in other letters.
 *
 * @returns for a file's bytes and `OtherWords.text`: whether any of the phrases may stand there. True may be wrong.
 */
export function wordFilter(phrases: readonly Phrase[]): (bytes: ByteText, otherWords: string | null) => boolean {
  const wanted = phrases.map(({ tokens }) => tokens.map(tokenFilter));
  return (bytes, otherWords) =>
    otherWords === null || wanted.some((tokens) => tokens.every((mayStand) => mayStand(bytes, otherWords)));
}

function tokenFilter(token: string): (bytes: ByteText, otherWords: string) => boolean {
  if (/\P{ASCII}/u.test(token)) return (_, otherWords) => otherWords.includes(token);
  // An expression finds it in any case, several times as quick as both texts in lower case would be compared.
  const asItIs = new RegExp(token.replaceAll(/[+#]/g, '\\$&'), 'i');
  return (bytes, otherWords) => asItIs.test(bytes) || otherWords.includes(token);
}

/** More of them take more memory than parsing their file again takes time. */
const mostCharacters = 4096;
/** Escapes of characters that need none: another program's, and the bytes do not show those words. */
const escapedAscii = /\\u00[2-7]/;

/** Counts the tokens of a file's texts, and gathers those that its bytes do not show as they are: `Ärger` as `arger`. */
export class OtherWords {
  tokens = 0;
  readonly #words = new Set<string>();
  readonly #isEscaped: boolean;

  constructor(bytes: ByteText) {
    this.#isEscaped = escapedAscii.test(bytes);
  }

  add(text: string): void {
    if (isPlain(text)) this.tokens += countTokens(text);
    else {
      visitTokens(text, (token, start, end) => {
        this.tokens += 1;
        if (/\P{ASCII}/u.test(text.slice(start, end))) this.#words.add(token);
      });
    }
  }

  /** One string of all of them; null where that cannot tell what stands in the file. */
  get text(): string | null {
    const text = [...this.#words].join(' ');
    return this.#isEscaped || text.length > mostCharacters ? null : text;
  }
}
