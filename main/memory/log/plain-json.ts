/**
 * Walks JSON as bytes without making values of it. Plain is what stands there exactly as `JSON.stringify` would write it
 * again, with the members of objects in canonical order; of everything else it only says that it does not know.
 *
 * The bytes have to be valid UTF-8 and to end with a byte that JSON does not have, such as a line feed: nothing looks beyond.
 */

export const NOT_PLAIN = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const UNDERSCORE = 0x5f;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const FIRST_PRINTABLE = 0x20;
const FIRST_BEYOND_ASCII = 0x80;
/** What `JSON.stringify` puts behind a backslash, but for `\u`. */
const ESCAPED = new Set(Buffer.from('"\\bfnrt'));
const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
/** Deeper ones are for who has a stack to spare. */
const DEEPEST = 32;
/** Integers of so many digits are written as they are read. */
const SAFE_DIGITS = 15;

/** Members of an object in the order in which they stand. Made once and filled again and again. */
export interface Members {
  count: number;
  /** Whether that is the canonical order. */
  isOrdered: boolean;
  /** Where each name's quotation mark opens. */
  readonly nameAt: Int32Array;
  readonly valueAt: Int32Array;
  readonly valueEnd: Int32Array;
  /** Members of those members that are objects; null: not looked at. */
  readonly inner: Members[] | null;
}

/** @param hasInner whether members that are objects may have theirs in any order, too */
export function createMembers(most: number, hasInner: boolean): Members {
  const places = (): Int32Array => new Int32Array(most);
  const inner = hasInner ? Array.from({ length: most }, () => createMembers(most, false)) : null;
  return { count: 0, isOrdered: true, nameAt: places(), valueAt: places(), valueEnd: places(), inner };
}

/**
 * Finds the members of the object at a place: in any order, but with plain values. Whether a name comes twice is not looked
 * at where they are not in canonical order.
 *
 * @returns where the object ends, or NOT_PLAIN
 */
export function readMembers(bytes: Buffer, from: number, members: Members): number {
  members.count = 0;
  members.isOrdered = true;
  if (bytes[from] !== OPEN_OBJECT) return NOT_PLAIN;
  if (bytes[from + 1] === CLOSE_OBJECT) return from + 2;
  let at = from;
  do {
    at = readMember(bytes, at + 1, members);
    if (at === NOT_PLAIN) return NOT_PLAIN;
  } while (bytes[at] === COMMA);
  return bytes[at] === CLOSE_OBJECT ? at + 1 : NOT_PLAIN;
}

/** The next one; where it ends. */
function readMember(bytes: Buffer, nameAt: number, members: Members): number {
  const { count, inner } = members;
  const valueAt = count < members.nameAt.length ? endOfName(bytes, nameAt) : NOT_PLAIN;
  if (valueAt === NOT_PLAIN) return NOT_PLAIN;
  const within = bytes[valueAt] === OPEN_OBJECT ? inner?.[count] : undefined;
  const end = within ? readMembers(bytes, valueAt, within) : endOfPlain(bytes, valueAt, 0);
  if (count > 0 && !isNameAfter(bytes, members.nameAt[count - 1] as number, nameAt)) members.isOrdered = false;
  members.nameAt[count] = nameAt;
  members.valueAt[count] = valueAt;
  members.valueEnd[count] = end;
  members.count += 1;
  return end;
}

/** Whether the string at a place is of ASCII characters that stand for themselves. */
export function isBareString(bytes: Buffer, from: number, end: number): boolean {
  if (bytes[from] !== QUOTE) return false;
  for (let at = from + 1; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === BACKSLASH || byte >= FIRST_BEYOND_ASCII) return false;
  }
  return true;
}

/** Whether a plain value is a number without sign, fraction and exponent. */
export function isCount(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (!isDigit(bytes[at] as number)) return false;
  return end > from;
}

/** Where the value ends that begins at a place, or NOT_PLAIN. */
export function endOfPlain(bytes: Buffer, at: number, depth: number): number {
  const first = bytes[at] as number;
  if (first === QUOTE) return endOfString(bytes, at);
  if (depth === DEEPEST) return NOT_PLAIN;
  if (first === OPEN_OBJECT) return endOfObject(bytes, at, depth + 1);
  if (first === OPEN_ARRAY) return endOfArray(bytes, at, depth + 1);
  return isDigit(first) || first === MINUS ? endOfNumber(bytes, at) : endOfWord(bytes, at);
}

function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  for (let byte = bytes[at] as number; byte !== QUOTE; byte = bytes[at] as number) {
    // Also where there is no byte any more.
    if (!(byte >= FIRST_PRINTABLE)) return NOT_PLAIN;
    if (byte === BACKSLASH) {
      at += 1;
      if (!ESCAPED.has(bytes[at] as number)) return NOT_PLAIN;
    }
    at += 1;
  }
  return at + 1;
}

function endOfObject(bytes: Buffer, from: number, depth: number): number {
  if (bytes[from + 1] === CLOSE_OBJECT) return from + 2;
  let at = from;
  let before = NOT_PLAIN;
  do {
    const nameAt = at + 1;
    const valueAt = endOfName(bytes, nameAt);
    if (valueAt === NOT_PLAIN || (before !== NOT_PLAIN && !isNameAfter(bytes, before, nameAt))) return NOT_PLAIN;
    before = nameAt;
    at = endOfPlain(bytes, valueAt, depth);
    if (at === NOT_PLAIN) return NOT_PLAIN;
  } while (bytes[at] === COMMA);
  return bytes[at] === CLOSE_OBJECT ? at + 1 : NOT_PLAIN;
}

function endOfArray(bytes: Buffer, from: number, depth: number): number {
  if (bytes[from + 1] === CLOSE_ARRAY) return from + 2;
  let at = from;
  do {
    at = endOfPlain(bytes, at + 1, depth);
    if (at === NOT_PLAIN) return NOT_PLAIN;
  } while (bytes[at] === COMMA);
  return bytes[at] === CLOSE_ARRAY ? at + 1 : NOT_PLAIN;
}

function endOfNumber(bytes: Buffer, from: number): number {
  let at = from;
  while (isDigit(bytes[at] as number)) at += 1;
  const isFurther = isInNumber(bytes[at] as number) || at === from;
  if (!isFurther && at - from <= SAFE_DIGITS && (bytes[from] !== ZERO || at === from + 1)) return at;
  while (isInNumber(bytes[at] as number)) at += 1;
  const text = bytes.toString('latin1', from, at);
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? at : NOT_PLAIN;
}

function endOfWord(bytes: Buffer, from: number): number {
  const word = bytes[from] === NULL[0] ? NULL : bytes[from] === TRUE[0] ? TRUE : FALSE;
  for (let at = 0; at < word.length; at += 1) if (bytes[from + at] !== word[at]) return NOT_PLAIN;
  return from + word.length;
}

/** Of `"name":`, the place behind it. Names are such that an object keeps them in their order: no numbers, no `__proto__`. */
function endOfName(bytes: Buffer, from: number): number {
  if (bytes[from] !== QUOTE) return NOT_PLAIN;
  const start = bytes[from + 1] === UNDERSCORE ? from + 2 : from + 1;
  if (!isLetter(bytes[start] as number)) return NOT_PLAIN;
  let at = start + 1;
  while (isInName(bytes[at] as number)) at += 1;
  return bytes[at] === QUOTE && bytes[at + 1] === COLON ? at + 2 : NOT_PLAIN;
}

/** Whether a name comes after another in canonical order; the same one does not. The quotation mark sorts before all of them. */
function isNameAfter(bytes: Buffer, before: number, name: number): boolean {
  let at = 1;
  while (bytes[before + at] === bytes[name + at] && bytes[name + at] !== QUOTE) at += 1;
  return (bytes[before + at] as number) < (bytes[name + at] as number);
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

function isInName(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === UNDERSCORE || byte === MINUS || byte === DOT || byte === COLON;
}

/** Digits, sign, fraction and exponent. */
function isInNumber(byte: number): boolean {
  return isDigit(byte) || byte === MINUS || byte === DOT || byte === 0x2b || byte === 0x65;
}
