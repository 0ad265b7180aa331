/** What stands where words were taken out of a text that stays. */
export const TAKEN_OUT = '(forgotten)';

/** Texts that are to go, and how they are known again in records, in torn JSON and in files of other encodings. */
export interface Words {
  readonly isEmpty: boolean;
  readonly texts: readonly string[];
  /** Whether a text has them: holds one, or, of the short ones, is one. */
  inText(text: string): boolean;
  /** A value of JSON without them: texts that have them are replaced where they stand. The same object where there are none. */
  takenFrom<T>(value: T): T;
  /** Whether bytes hold one in any form in which a file of ours, or one that was saved over it, may hold it. */
  inBytes(bytes: Uint8Array): boolean;
  /** Writes asterisks over each of them, in place. Returns how many there were. */
  blank(bytes: Buffer): number;
}

/** A shorter text is only known where it is the whole of a value: inside others it means nothing. */
const LEAST_INSIDE = 4;
const ASTERISK = 0x2a;

export function createWords(texts: readonly string[]): Words {
  const all = [...new Set(texts.flatMap(variants))].filter((text) => text !== '');
  // The longest first: what holds another is taken out whole.
  const inside = all.filter((text) => text.length >= LEAST_INSIDE).sort((a, b) => b.length - a.length);
  const whole = new Set(all);
  const forms = all.flatMap(formsOf).sort((a, b) => b.bytes.length - a.bytes.length);
  const holdsOne =
    inside.length > FEW ? byBeginnings(inside) : (text: string) => inside.some((each) => text.includes(each));
  const holdsForm =
    forms.length > FEW ? byFirstBytes(forms) : (bytes: Buffer) => forms.some((form) => bytes.includes(form.bytes));
  const inText = (text: string): boolean => whole.has(text) || holdsOne(text);

  function takenFrom<T>(value: T): T {
    if (typeof value === 'string') return (inText(value) ? cleaned(value) : value) as T;
    if (Array.isArray(value)) {
      const members = value.map(takenFrom);
      return (members.some((member, at) => member !== value[at]) ? members : value) as T;
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, member]) => [takenFrom(key), takenFrom(member as unknown)]);
    const isSame = Object.entries(value).every(
      ([key, member], at) => entries[at]?.[0] === key && entries[at]?.[1] === member,
    );
    return isSame ? value : (Object.fromEntries(entries) as T);
  }

  function cleaned(text: string): string {
    if (whole.has(text)) return TAKEN_OUT;
    return inside.reduce((left, each) => left.replaceAll(each, TAKEN_OUT), text);
  }

  return {
    isEmpty: all.length === 0,
    texts: [...new Set(texts)],
    inText,
    takenFrom,
    inBytes: (bytes) => holdsForm(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
    blank: (bytes) => (holdsForm(bytes) ? forms.reduce((count, form) => count + blankForm(bytes, form), 0) : 0),
  };
}

/** So many are looked for one after the other; more of them, all at once. */
const FEW = 24;

/** Whether a text holds one of many. */
function byBeginnings(texts: readonly string[]): (text: string) => boolean {
  const beginnings = new Map<string, string[]>();
  for (const each of texts) {
    const beginning = each.slice(0, LEAST_INSIDE);
    beginnings.set(beginning, [...(beginnings.get(beginning) ?? []), each]);
  }
  return (text) => {
    for (let at = 0; at + LEAST_INSIDE <= text.length; at += 1) {
      const begun = beginnings.get(text.slice(at, at + LEAST_INSIDE));
      if (begun?.some((each) => text.startsWith(each, at))) return true;
    }
    return false;
  };
}

/** Whether bytes hold one of many forms; none is shorter than three bytes. */
function byFirstBytes(forms: readonly Form[]): (bytes: Buffer) => boolean {
  const begun = new Map<number, Buffer[]>();
  for (const { bytes } of forms) {
    const key = bytes.readUIntBE(0, FIRST_BYTES);
    begun.set(key, [...(begun.get(key) ?? []), bytes]);
  }
  return (bytes) => {
    let key = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      key = ((key << 8) | (bytes[at] ?? 0)) & 0xffffff;
      const from = at - FIRST_BYTES + 1;
      if (from < 0) continue;
      if (begun.get(key)?.some((form) => form.equals(bytes.subarray(from, from + form.length)))) return true;
    }
    return false;
  };
}
const FIRST_BYTES = 3;

/** A file that went over another system may have its accents composed or apart. */
function variants(text: string): string[] {
  return [text, text.trim(), text.normalize('NFC'), text.normalize('NFD')];
}

interface Form {
  readonly bytes: Buffer;
  /** Bytes of a character: 2 in UTF-16. */
  readonly width: 1 | 2;
}

/** Short ones with their quotes, as the whole of a JSON text. */
function formsOf(text: string): Form[] {
  const json = JSON.stringify(text).slice(1, -1);
  const escaped = [(hex: string) => hex, (hex: string) => hex.toUpperCase()].map((written) =>
    json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${written(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`),
  );
  const spellings = [json, ...escaped].flatMap((each) => [each, each.replaceAll('/', '\\/')]);
  const isShort = text.length < LEAST_INSIDE;
  const written = new Set(isShort ? spellings.map((each) => `"${each}"`) : [text, ...spellings]);
  return [...written].flatMap((each) => [
    { bytes: Buffer.from(each, 'utf8'), width: 1 },
    { bytes: Buffer.from(each, 'utf16le'), width: 2 },
    { bytes: Buffer.from(each, 'utf16le').swap16(), width: 2 },
  ]);
}

function blankForm(bytes: Buffer, { bytes: form, width }: Form): number {
  let count = 0;
  for (let at = bytes.indexOf(form); at !== -1; at = bytes.indexOf(form, at + form.length)) {
    const isQuoted = form[0] === 0x22 || form[1] === 0x22;
    const [from, to] = isQuoted ? [at + width, at + form.length - width] : [at, at + form.length];
    // The high half of each unit of UTF-16, whichever it is, is 0 in an asterisk.
    const isBig = width === 2 && form[0] === 0;
    for (let place = from; place < to; place += 1) {
      const isHigh = width === 2 && (place - at) % 2 === (isBig ? 0 : 1);
      bytes[place] = isHigh ? 0 : ASTERISK;
    }
    count += 1;
  }
  return count;
}
