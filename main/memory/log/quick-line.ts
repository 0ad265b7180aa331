import { hash128, sha256Hex } from '../../lib/hash.ts';
import { UNCHAINED } from './event-text.ts';
import { type CanonicalText, createCanonicalText } from './canonical-text.ts';
import { createForms, inCanonicalOrder, isDistinct } from './forms.ts';
import type { LinkBody } from './link.ts';
import { type Members, createMembers, isBareString, isCount, readMembers } from './plain-json.ts';

/**
 * Reads a line of the log that is as nearly all are: an event as Almanac writes it, with its content, in plain JSON, whose
 * checksum and hashes fit. It works on the bytes as they are, which takes a third of the time.
 *
 * @param bytes valid UTF-8 with a line feed at `end`
 * @returns null for any other line, right or wrong: of that `careful-line.ts` has the say
 */
export type QuickReader = (bytes: Buffer, from: number, end: number) => LinkBody | null;

const OPEN = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;

const MOST_MEMBERS = 48;
/** Fields that have to be there, and to be strings. */
const TEXTS = ['id', 'replica', 'hash', 'prev_hash', 'entity_key', 'event_type', 'body_hash', 'salt'] as const;
const NEEDED = [...TEXTS, 'event_sequence', 'before', 'after', 'why', '_meta'] as const;
/** Events that tell the chain of more than themselves. */
const SPECIAL_TYPES = new Set(['LOG_SEALED', 'MEMORY_FORGOTTEN']);

/** What an event's members mean, by how they stand in a row. */
interface EventForm {
  readonly at: Readonly<Record<(typeof NEEDED)[number], number>>;
  /** Members in canonical order, without `_meta`. */
  readonly canonical: readonly number[];
  readonly chained: readonly number[];
}
interface MetaForm {
  readonly sum: number;
  /** Members in canonical order, without `sum`. */
  readonly canonical: readonly number[];
}

export function createQuickReader(): QuickReader {
  const event = createMembers(MOST_MEMBERS, true);
  const [eventForms, metaForms] = [createForms(eventForm), createForms(metaForm)];
  const text = createCanonicalText();

  return (bytes, from, end) => {
    if (readMembers(bytes, from, event) !== end) return null;
    const form = eventForms.of(bytes, event);
    const meta = form && event.inner?.[form.at._meta];
    const formOfMeta = meta && bytes[event.valueAt[form.at._meta] as number] === OPEN && metaForms.of(bytes, meta);
    if (!formOfMeta || !hasBareTexts(bytes, event, form) || !isBare(bytes, meta, formOfMeta.sum)) return null;
    const said = (name: (typeof TEXTS)[number]): string => stringAt(bytes, event, form.at[name]);
    const hash = said('hash');
    const isRight =
      hash === chainHashOf(text, bytes, event, form) &&
      said('body_hash') === bodyHashOf(text, bytes, event, form) &&
      stringAt(bytes, meta, formOfMeta.sum) === checksumOf(text, bytes, event, form, meta, formOfMeta);
    const type = said('event_type');
    if (!isRight || SPECIAL_TYPES.has(type)) return null;
    return {
      id: said('id'),
      replica: said('replica'),
      sequence: Number(textAt(bytes, event, form.at.event_sequence)),
      hash,
      prev: said('prev_hash'),
      entity: said('entity_key'),
      type,
      redacted: false,
      redacts: [],
      sealed: null,
    };
  };
}

/** Null where it is no event with its content. */
function eventForm(names: readonly string[]): EventForm | null {
  if (!isDistinct(names) || names.includes('redacted')) return null;
  const at = Object.fromEntries(NEEDED.map((name) => [name, names.indexOf(name)])) as EventForm['at'];
  if (Object.values(at).includes(-1)) return null;
  return { at, canonical: inCanonicalOrder(names, ['_meta']), chained: inCanonicalOrder(names, UNCHAINED) };
}

/** Null where it is not of a record that is there. */
function metaForm(names: readonly string[]): MetaForm | null {
  const sum = names.indexOf('sum');
  return isDistinct(names) && sum !== -1 && !names.includes('del')
    ? { sum, canonical: inCanonicalOrder(names, ['sum']) }
    : null;
}

/** As `fitsChecksum` has it (main/records/meta.ts). */
function checksumOf(
  text: CanonicalText,
  bytes: Buffer,
  event: Members,
  { canonical }: EventForm,
  meta: Members,
  formOfMeta: MetaForm,
): string | null {
  text.clear();
  text.putObject(bytes, event, canonical);
  text.putByte(LINE_FEED);
  text.putObject(bytes, meta, formOfMeta.canonical);
  return text.isComplete ? hash128(text.bytes) : null;
}

/** As `chainHash` has it. */
function chainHashOf(text: CanonicalText, bytes: Buffer, event: Members, { chained }: EventForm): string | null {
  text.clear();
  text.putObject(bytes, event, chained);
  return text.isComplete ? sha256Hex(text.bytes) : null;
}

/** As `bodyHash` has it. */
function bodyHashOf(text: CanonicalText, bytes: Buffer, event: Members, { at }: EventForm): string | null {
  text.clear();
  text.put(bytes, (event.valueAt[at.salt] as number) + 1, (event.valueEnd[at.salt] as number) - 1);
  text.putByte(LINE_FEED);
  let separator = OPEN_ARRAY;
  for (const member of [at.before, at.after, at.why]) {
    text.putByte(separator);
    text.putValue(bytes, event, member);
    separator = COMMA;
  }
  text.putByte(CLOSE_ARRAY);
  return text.isComplete ? sha256Hex(text.bytes) : null;
}

function hasBareTexts(bytes: Buffer, event: Members, { at }: EventForm): boolean {
  for (const name of TEXTS) if (!isBare(bytes, event, at[name])) return false;
  const sequence = at.event_sequence;
  return isCount(bytes, event.valueAt[sequence] as number, event.valueEnd[sequence] as number);
}

function isBare(bytes: Buffer, { valueAt, valueEnd }: Members, member: number): boolean {
  return isBareString(bytes, valueAt[member] as number, valueEnd[member] as number);
}

function textAt(bytes: Buffer, { valueAt, valueEnd }: Members, member: number): string {
  return bytes.toString('latin1', valueAt[member], valueEnd[member]);
}

/** Of a bare string. */
function stringAt(bytes: Buffer, { valueAt, valueEnd }: Members, member: number): string {
  return bytes.toString('latin1', (valueAt[member] as number) + 1, (valueEnd[member] as number) - 1);
}
