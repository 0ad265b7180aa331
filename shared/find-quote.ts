/**
 * Where a quotation stands in a text, as [start, end) in UTF-16 code units; undefined where it does not.
 *
 * Letters and digits are compared alone, in lower case: what a person selects on the screen lacks the marks of the
 * Markdown behind it, the addresses of links, and breaks its lines elsewhere. Of several places one that begins and ends
 * with a word is taken.
 */
export function findQuote(text: string, quote: string): readonly [number, number] | undefined {
  const exact = text.indexOf(quote);
  if (quote.trim() !== '' && exact >= 0 && isWhole(text, exact, exact + quote.length)) {
    return [exact, exact + quote.length];
  }
  const [hay, needle] = [lettersOf(text), lettersOf(quote)];
  if (needle.letters === '') return undefined;
  let first: readonly [number, number] | undefined;
  for (let at = hay.letters.indexOf(needle.letters); at >= 0; at = hay.letters.indexOf(needle.letters, at + 1)) {
    const place = placeOf(hay.places, at, needle.letters.length);
    if (isWhole(text, ...place)) return withEnding(text, place, quote);
    first ??= place;
  }
  return first && withEnding(text, first, quote);
}

interface Letters {
  readonly letters: string;
  /** Where in the text each unit of `letters` comes from: [start, end). */
  readonly places: readonly (readonly [number, number])[];
}

const addressOfLink = /\]\([^()\s]*\)/g;
const letter = /[\p{L}\p{N}]/gu;

function lettersOf(text: string): Letters {
  // Of the same length, so that places stay.
  const plain = text.replace(addressOfLink, (address) => ' '.repeat(address.length));
  let letters = '';
  const places: (readonly [number, number])[] = [];
  for (const { 0: found, index } of plain.matchAll(letter)) {
    const lower = found.toLowerCase();
    letters += lower;
    for (let unit = 0; unit < lower.length; unit += 1) places.push([index, index + found.length]);
  }
  return { letters, places };
}

function placeOf(places: Letters['places'], at: number, length: number): readonly [number, number] {
  return [places[at]?.[0] ?? 0, places[at + length - 1]?.[1] ?? 0];
}

const letterAtEnd = /[\p{L}\p{N}]$/u;
const letterAtStart = /^[\p{L}\p{N}]/u;

/** Whether no word is cut in two at either end. */
function isWhole(text: string, start: number, end: number): boolean {
  const isCutBefore =
    letterAtEnd.test(text.slice(Math.max(0, start - 2), start)) && letterAtStart.test(text.slice(start, start + 2));
  const isCutAfter =
    letterAtStart.test(text.slice(end, end + 2)) && letterAtEnd.test(text.slice(Math.max(0, end - 2), end));
  return !isCutBefore && !isCutAfter;
}

/** The full stop belongs to the sentence. */
function withEnding(text: string, [start, end]: readonly [number, number], quote: string): readonly [number, number] {
  let to = end;
  for (const mark of /[^\p{L}\p{N}]*$/u.exec(quote.trimEnd())?.[0] ?? '') {
    if (!text.startsWith(mark, to)) break;
    to += mark.length;
  }
  return [start, to];
}
