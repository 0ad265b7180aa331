/** Lone surrogates: halves of a character, which no database and no UTF-8 can hold. */
const HALF_CHARACTER = /\p{Cs}/gu;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const SPECIAL = /[$.%\u0000-\u001f\u007f]/g;
const WHOLE_NAME = new Set(['__proto__', 'constructor', 'prototype', '_bsontype']);
/** Deeper values are kept as JSON text; the store's own limit for a whole record is 64. */
const MAX_DEPTH = 40;
const MAX_TEXT = 1_000_000;

/** Text as the store can keep it: a half character becomes U+FFFD, everything else stays. */
export function safeText(text: string): string {
  return text.replace(HALF_CHARACTER, '\ufffd');
}

/**
 * A key of another program as every database can hold it: `$`, `.`, `%` and control characters are percent-encoded, and
 * so is the first letter of the few names that JavaScript or BSON treat specially. Distinct keys stay distinct.
 */
export function encodeKey(key: string): string {
  const encoded = key
    .replace(SPECIAL, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
    .replace(HALF_CHARACTER, (half) => `%u${half.charCodeAt(0).toString(16).toUpperCase()}`);
  return WHOLE_NAME.has(encoded) ? `%${encoded.charCodeAt(0).toString(16).toUpperCase()}${encoded.slice(1)}` : encoded;
}

/** Text cut into pieces of at most `limit` UTF-16 units, never through a character. */
export function cutText(text: string, limit: number = MAX_TEXT): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    let end = Math.min(text.length, from + limit);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces.length === 0 ? [''] : pieces;
}

/**
 * Makes foreign values fit for a record, and counts what they add to it. With `flat`, or past the depth limit, an object
 * or list is kept as its JSON text, in pieces where it is long: nothing is lost, and its words can still be found.
 */
export class ForeignEncoder {
  keys = 0;
  length = 0;
  readonly #flat: boolean;

  constructor(options: { readonly flat: boolean }) {
    this.#flat = options.flat;
  }

  text(text: string): string {
    this.length += text.length;
    return safeText(text);
  }

  value(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return value.length > MAX_TEXT ? this.#pieces(value) : this.text(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value !== 'object' || value === null) return value ?? null;
    if (this.#flat || depth >= MAX_DEPTH) return this.#pieces(JSON.stringify(value));
    if (Array.isArray(value)) return value.map((member) => this.value(member, depth + 1));
    return this.object(value as Readonly<Record<string, unknown>>, depth);
  }

  /** As `value`, for what must stay an object: `extra`. */
  object(value: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    if (this.#flat) return { as_json: this.#pieces(JSON.stringify(value)) };
    this.keys += entries.length;
    // fromEntries defines members, so that `__proto__` cannot set the prototype; encodeKey renames it besides.
    return Object.fromEntries(
      entries.map(([key, member]) => {
        this.length += key.length;
        return [encodeKey(key), this.value(member, depth + 1)];
      }),
    );
  }

  #pieces(text: string): string | string[] {
    this.length += text.length;
    const pieces = cutText(text).map(safeText);
    return pieces.length === 1 ? (pieces[0] ?? '') : pieces;
  }
}
