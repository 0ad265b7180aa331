/**
 * How text becomes words, for indexing, for queries and for highlighting alike. A token is a folded word: lower case,
 * without diacritics, compatibility forms made plain. Scripts written without blanks (Chinese, Japanese, Korean, Thai
 * and their like) give a token per character, so that a query is found as a run of them; an emoji is a token.
 * `C++` and `C#` give `c` and `c++`: found by either, and told from plain `c`.
 */

/** Called with each token and its place in the text, [start, end) in UTF-16 code units; `false` ends the reading. */
export type TokenVisitor = (token: string, start: number, end: number) => boolean | void;

/** Longer words (encoded data, mostly) are cut here on both sides, so that they still meet. */
const longestToken = 48;

const anyWord =
  /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[+#]{1,2}(?![\p{L}\p{N}+#]))?|\p{Extended_Pictographic}|\p{Regional_Indicator}/gu;
const notAscii = /\P{ASCII}/u;
/** Whatever is neither ASCII nor one of the dashes, quotes and dots of print, which part words as blanks do. */
const notPlain = /[^\0-\x7f\u2010-\u2027]/;
/** Characters that are words of their own, with the vowel signs that stand on them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc][\p{M}\uff9e\uff9f]*/gu;
/** Marks that readers leave out when they type: accents, Hebrew points, Arabic vowels, variation selectors. */
const accents =
  /(?:[\u0300-\u036f]|[\u0591-\u05c7]|[\u064b-\u065f]|\u0670|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe00-\ufe0f]|[\ufe20-\ufe2f])/g;
/** Letters that people type plain and Unicode does not take apart. */
// prettier-ignore
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ł: 'l', ŧ: 't', ı: 'i', ς: 'σ', ſ: 's',
};
/** Compatibility forms can fold to signs: `⑴` to `(1)`. */
const asciiSigns = /(?![A-Za-z0-9])\p{ASCII}/gu;
/** Thai and Lao AM comes apart into a mark and a letter; a mark begins no word. */
const leadingMarks = /^\p{M}+/u;
const specialLetter = /[ßæœøđðþħłŧıςſ]/g;

export function visitTokens(text: string, visit: TokenVisitor): void {
  if (isPlain(text)) return visitPlainTokens(text, 0, visit);
  for (const match of text.matchAll(anyWord)) if (!visitUnicodeWord(match[0], match.index, visit)) return;
}

/** Whether the words of the text are runs of ASCII letters and digits, and nothing in it has to be folded but case. */
export function isPlain(text: string): boolean {
  return !notPlain.test(text);
}

/** The tokens of plain text from the beginning of a word on. */
export function visitPlainTokens(text: string, from: number, visit: TokenVisitor): void {
  for (let start = from; start < text.length; start += 1) {
    if (!isWordUnit(text.charCodeAt(start))) continue;
    let end = start + 1;
    while (isWordUnit(text.charCodeAt(end))) end += 1;
    const signsEnd = endOfSigns(text, end);
    const word = text.slice(start, signsEnd).toLowerCase();
    if (visit(cut(word.slice(0, end - start)), start, end) === false) return;
    if (signsEnd > end && visit(cut(word), start, signsEnd) === false) return;
    start = signsEnd - 1;
  }
}

/** How many tokens a text has; of plain text without one of them being made. */
export function countTokens(text: string): number {
  let count = 0;
  if (!isPlain(text)) visitTokens(text, () => void (count += 1));
  else {
    let isInWord = false;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const isLetter = isWordUnit(unit);
      if (isLetter && !isInWord) count += 1;
      // `C++`, `C#`: a second token.
      if (isInWord && !isLetter && endOfSigns(text, at) > at) count += 1;
      isInWord = isLetter;
    }
  }
  return count;
}

/** Where the one or two signs end that stand here behind a word, and belong to it since no more of either follows. */
function endOfSigns(text: string, at: number): number {
  if (!isSign(text.charCodeAt(at))) return at;
  const end = isSign(text.charCodeAt(at + 1)) ? at + 2 : at + 1;
  const next = text.charCodeAt(end);
  return isSign(next) || isWordUnit(next) ? at : end;
}

function isSign(unit: number): boolean {
  return unit === PLUS || unit === HASH;
}

function isWordUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39);
}

/** The tokens of a text in order. */
export function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  visitTokens(text, (token) => void tokens.push(token));
  return tokens;
}

/** What {@link tokenText} takes out of plain text before the database splits it at everything but letters and digits. */
const mixedRun =
  /(?<![A-Za-z0-9+#])(?:[A-Za-z0-9+#]*\P{ASCII}(?:[A-Za-z0-9+#]|\P{ASCII})*|[A-Za-z0-9]*[+#]+[A-Za-z0-9+#]*|[A-Za-z0-9]{49,})/gu;

/** Whether a text has no such run, as most have; told by hand several times quicker than by an expression. */
function isUsual(text: string): boolean {
  let wordLength = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const isInWord = isWordUnit(unit);
    if (isInWord && (wordLength += 1) > longestToken) return false;
    if (isInWord) continue;
    wordLength = 0;
    if (unit >= 0x80 || isSign(unit)) return false;
  }
  return true;
}
const PLUS = 0x2b;
const HASH = 0x23;

/**
 * The text as SQLite's `ascii` tokenizer with the token characters `+#` is given it: it splits that into exactly
 * `tokensOf(text)` (a property test holds the two together). Plain English passes nearly untouched, which makes
 * indexing several times faster than joining our own tokens.
 */
export function tokenText(text: string): string {
  if (isUsual(text)) return text;
  return text.replace(mixedRun, (run) => ` ${tokensOf(run).join(' ')} `);
}

/** One word in lower-case ASCII, perhaps with `+` or `#` at its end. */
function visitWord(word: string, start: number, visit: TokenVisitor): boolean {
  const folded = word.toLowerCase();
  const bare = folded.replace(/[+#]+$/, '');
  const end = start + word.length;
  if (visit(cut(bare), start, start + bare.length) === false) return false;
  return bare.length === folded.length || visit(cut(folded), start, end) !== false;
}

function visitUnicodeWord(word: string, start: number, visit: TokenVisitor): boolean {
  if (!notAscii.test(word)) return visitWord(word, start, visit);
  let from = 0;
  for (const match of word.matchAll(unspaced)) {
    if (!visitSpaced(word.slice(from, match.index), start + from, visit)) return false;
    from = match.index + match[0].length;
    const folded = fold(match[0]);
    // A mark on its own folds to nothing.
    if (folded !== '' && visit(folded, start + match.index, start + from) === false) return false;
  }
  return visitSpaced(word.slice(from), start + from, visit);
}

function visitSpaced(word: string, start: number, visit: TokenVisitor): boolean {
  if (word === '') return true;
  const bare = word.replace(/[+#]+$/, '');
  const folded = fold(bare);
  if (folded !== '' && visit(cut(folded), start, start + bare.length) === false) return false;
  if (bare.length === word.length || folded === '') return true;
  return visit(cut(folded + word.slice(bare.length)), start, start + word.length) !== false;
}

function fold(word: string): string {
  return word
    .normalize('NFKD')
    .replace(accents, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(accents, '')
    .replace(specialLetter, (letter) => plainLetters[letter] ?? letter)
    .replace(asciiSigns, '')
    .replace(leadingMarks, '');
}

function cut(token: string): string {
  if (token.length <= longestToken) return token;
  // Never through the middle of a character.
  const last = token.charCodeAt(longestToken - 1);
  return token.slice(0, last >= 0xd800 && last < 0xdc00 ? longestToken - 1 : longestToken);
}
