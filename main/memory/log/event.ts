import { randomBytes } from 'node:crypto';
import type { MemoryEvent } from '../../../shared/collections/memory_events.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { UNCHAINED } from './event-text.ts';

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

/** Before the first event of a copy of the vault. */
export function genesis(replica: string): Head {
  return { sequence: 0, hash: sha256Hex(`almanac memory log of ${replica}`), at: '' };
}

/** Salted, so that a short text cannot be guessed from its hash once it is gone. */
export function bodyHash(salt: string, { before, after, why }: EventBody): string {
  return sha256Hex(`${salt}\n${canonicalJson([before, after, why])}`);
}

/** Hash of an event as the next one names it. */
export function chainHash(event: Readonly<Record<string, unknown>>): string {
  const covered: Record<string, unknown> = { ...event };
  for (const field of UNCHAINED) delete covered[field];
  return sha256Hex(canonicalJson(covered));
}

type Given = 'event_type' | 'subject_id' | 'tenant_id' | 'invoker_subject_id' | 'entity_key' | 'operation' | 'result';
export type EventDraft = Pick<MemoryEvent, Given> &
  Pick<Partial<MemoryEvent>, 'context' | 'scope' | 'held'> &
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
    // In canonical order, which spares the verification from putting it into one.
    before: ordered(before),
    after: ordered(after),
    why,
    salt,
    body_hash: bodyHash(salt, draft),
    prev_hash: head.hash,
  };
  const hash = chainHash(open);
  return { event: { ...open, hash }, head: { sequence: open.event_sequence, hash, at } };
}

function ordered(state: State | null): State | null {
  return JSON.parse(canonicalJson(state)) as State | null;
}

/** The event without what it says; its place in the chain is the same. */
export function redactedEvent(event: ChainedEvent): ChainedEvent {
  const { before: _before, after: _after, why: _why, salt: _salt, ...rest } = event;
  return { ...rest, redacted: true };
}
