import { randomBytes } from 'node:crypto';
import type { MemoryEvent } from '../../../shared/collections/memory_events.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { sha256Hex } from '../../lib/hash.ts';

/** A record's fields as the log keeps them: without `_meta`. */
export type State = Readonly<Record<string, unknown>>;

/** What an event says, and what can be taken out of it again. */
export interface EventBody {
  readonly before: State | null;
  readonly after: State | null;
  readonly why: string | null;
}

/** Where a chain stands: the last event's number, hash and time. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
  readonly at: string;
}

/** Fields that the chain does not cover: what may be redacted, and what says that it was. The body is covered by its hash. */
const UNCHAINED = ['before', 'after', 'why', 'salt', 'redacted', 'held', 'updated_at', '_meta', 'hash'] as const;

/** Before the first event of a copy of the vault. */
export function genesis(replica: string): Head {
  return { sequence: 0, hash: sha256Hex(`almanac memory log of ${replica}`), at: '' };
}

/** Salted, so that a short text cannot be guessed from its hash once it is gone. */
export function bodyHash(salt: string, { before, after, why }: EventBody): string {
  return sha256Hex(`${salt}\n${canonicalJson([before, after, why])}`);
}

/** The hashes that an event should have, and its canonical text without `_meta`. Each field is written out once. */
export function hashesOf(event: Readonly<Record<string, unknown>>): { text: string; body: string; chain: string } {
  const all: string[] = [];
  const chained: string[] = [];
  const texts: Record<string, string> = {};
  for (const key of Object.keys(event).sort()) {
    if (key === '_meta' || event[key] === undefined) continue;
    const value = event[key];
    const text = typeof value === 'string' ? JSON.stringify(value) : canonicalJson(value);
    const member = `${JSON.stringify(key)}:${text}`;
    all.push(member);
    if (isUnchained(key)) texts[key] = text;
    else chained.push(member);
  }
  const { before = 'null', after = 'null', why = 'null' } = texts;
  const salt = event['salt'];
  return {
    text: `{${all.join(',')}}`,
    body: sha256Hex(`${typeof salt === 'string' ? salt : ''}\n[${before},${after},${why}]`),
    chain: sha256Hex(`{${chained.join(',')}}`),
  };
}

function isUnchained(key: string): boolean {
  return (UNCHAINED as readonly string[]).includes(key);
}

/** Hash of an event as the next one names it. */
export function chainHash(event: Readonly<Record<string, unknown>>): string {
  const covered: Record<string, unknown> = { ...event };
  for (const field of UNCHAINED) delete covered[field];
  return sha256Hex(canonicalJson(covered));
}

type Given = 'event_type' | 'subject_id' | 'tenant_id' | 'invoker_subject_id' | 'entity_key' | 'operation' | 'result';
export type EventDraft = Pick<MemoryEvent, Given> &
  Pick<Partial<MemoryEvent>, 'context' | 'scope'> &
  EventBody & { readonly id: string };

export type ChainedEvent = MemoryEvent & { readonly id: string };

/** The next event of a chain. Times never go back within a chain, whatever the clock does. */
export function nextEvent(
  replica: string,
  head: Head,
  draft: EventDraft,
  now: string,
): { event: ChainedEvent; head: Head } {
  const salt = randomBytes(16).toString('hex');
  const { before, after, why, ...rest } = draft;
  const at = now > head.at ? now : head.at;
  const open = {
    ...rest,
    replica,
    event_sequence: head.sequence + 1,
    created_at: at,
    updated_at: at,
    before,
    after,
    why,
    salt,
    body_hash: bodyHash(salt, draft),
    prev_hash: head.hash,
  };
  const hash = chainHash(open);
  return { event: { ...open, hash }, head: { sequence: open.event_sequence, hash, at } };
}

/** The event without what it says; its place in the chain is the same. */
export function redactedEvent(event: ChainedEvent): ChainedEvent {
  const { before: _before, after: _after, why: _why, salt: _salt, ...rest } = event;
  return { ...rest, redacted: true };
}
