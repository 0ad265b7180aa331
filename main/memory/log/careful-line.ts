import { fitsChecksum } from '../../records/meta.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { ChainedEvent } from './event.ts';
import { eventText } from './event-text.ts';
import { type BrokenLink, type LinkBody, type Place, brokenAt } from './link.ts';

/** What a line of the log is. */
export type Line =
  | { readonly is: 'event'; readonly link: LinkBody }
  /** An event that was let go. */
  | { readonly is: 'tombstone'; readonly id: string }
  | { readonly is: 'broken'; readonly broken: BrokenLink };

/** Reads any line: each has to be as it was written, its checksum and its hashes fit. */
export function readCarefully(text: string, place: Place): Line {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { is: 'broken', broken: brokenAt(place, 'it is no JSON') };
  }
  if (!isEvent(parsed)) return { is: 'broken', broken: brokenAt(place, 'it is no event') };
  const { line, canonical, body, chain } = eventText(parsed);
  const wrong = (reason: string): Line => ({
    is: 'broken',
    broken: brokenAt(place, reason, { ...parsed, sequence: parsed.event_sequence }),
  });
  if (line !== text) return wrong('it is not written as Almanac writes');
  const { _meta } = parsed as unknown as StoredRecord;
  if (!fitsChecksum(_meta, canonical)) return wrong('its checksum does not fit');
  if (_meta.del === true) return { is: 'tombstone', id: parsed.id };
  if (chain !== parsed.hash) return wrong('its hash does not fit');
  if (parsed.redacted !== true) {
    if (body !== parsed.body_hash) return wrong('its content does not fit its hash');
  } else if ('before' in parsed || 'after' in parsed || 'why' in parsed || 'salt' in parsed) {
    return wrong('it is marked as redacted and has content');
  }
  return { is: 'event', link: linkOf(parsed) };
}

/** What the checksum and the hashes need; that its fields are right is for the hash to say. */
function isEvent(value: unknown): value is ChainedEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { id, replica, _meta } = value as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof replica === 'string' &&
    typeof _meta === 'object' &&
    _meta !== null &&
    'sum' in _meta
  );
}

function linkOf(event: ChainedEvent): LinkBody {
  const sealed = event.event_type === 'LOG_SEALED' ? event.after : null;
  return {
    id: event.id,
    replica: event.replica,
    sequence: event.event_sequence,
    hash: event.hash,
    prev: event.prev_hash,
    entity: event.entity_key,
    type: event.event_type,
    redacted: event.redacted === true,
    redacts: event.event_type === 'MEMORY_FORGOTTEN' ? listOf(event.operation?.['redacts']) : [],
    sealed: sealed ? { to: Number(sealed['to_sequence']), hash: String(sealed['last_hash']) } : null,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
