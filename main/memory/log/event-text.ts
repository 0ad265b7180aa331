import { canonicalJson } from '../../lib/canonical-json.ts';
import { sha256Hex } from '../../lib/hash.ts';

/** Fields that the chain does not cover: what may be redacted, and what says that it was. The body is covered by its hash. */
export const UNCHAINED = ['before', 'after', 'why', 'salt', 'redacted', 'held', 'updated_at', '_meta', 'hash'] as const;

/** An event written out, and the hashes that it should have. */
export interface EventText {
  /** As it stands in its file: the members in their order. */
  readonly line: string;
  /** Canonical, without `_meta`. */
  readonly canonical: string;
  readonly body: string;
  readonly chain: string;
}

/** Events have few forms; the order of each form's members is worked out once. */
interface Form {
  readonly keys: readonly string[];
  readonly names: readonly string[];
  /** Places of the members in canonical order, without `_meta`. */
  readonly order: readonly number[];
  readonly isChained: readonly boolean[];
}

/** Writes each member of an event out once. */
export function eventText(event: Readonly<Record<string, unknown>>): EventText {
  const { keys, names, order, isChained } = formOf(Object.keys(event));
  const texts = keys.map((key) => JSON.stringify(event[key]));
  const canonical: string[] = [];
  const chained: string[] = [];
  const said: Record<string, string> = { before: 'null', after: 'null', why: 'null' };
  for (const place of order) {
    const value = event[keys[place] ?? ''];
    const text = isCanonical(value) ? texts[place] : canonicalJson(value);
    if (text === undefined) continue;
    const member = (names[place] ?? '') + text;
    canonical.push(member);
    if (isChained[place]) chained.push(member);
    else said[keys[place] ?? ''] = text;
  }
  const salt = event['salt'];
  const line = texts.flatMap((text, place) => (text === undefined ? [] : (names[place] ?? '') + text));
  return {
    line: `{${line.join(',')}}`,
    canonical: `{${canonical.join(',')}}`,
    body: sha256Hex(`${typeof salt === 'string' ? salt : ''}\n[${said['before']},${said['after']},${said['why']}]`),
    chain: sha256Hex(`{${chained.join(',')}}`),
  };
}

const KNOWN_FORMS = 16;
const forms: Form[] = [];

function formOf(keys: readonly string[]): Form {
  const known = forms.find(
    (form) => form.keys.length === keys.length && form.keys.every((key, at) => key === keys[at]),
  );
  if (known) return known;
  const sorted = [...keys.keys()].sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1));
  const form: Form = {
    keys,
    names: keys.map((key) => `${JSON.stringify(key)}:`),
    order: sorted.filter((place) => keys[place] !== '_meta'),
    isChained: keys.map((key) => !(UNCHAINED as readonly string[]).includes(key)),
  };
  forms.unshift(form);
  forms.length = Math.min(forms.length, KNOWN_FORMS);
  return form;
}

/** Whether JSON.stringify writes it canonically: the members of objects stand in their order. */
function isCanonical(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isCanonical);
  let before = '';
  for (const key in value) {
    // Numbers come first in an object, whatever their order as text.
    if (key <= before || !Object.hasOwn(value, key)) return false;
    if (!isCanonical((value as Record<string, unknown>)[key])) return false;
    before = key;
  }
  return true;
}
