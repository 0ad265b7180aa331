import type { Constraints } from '../../shared/collections/profiles.ts';
import type { Committed, Write } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import type { KnownMemory } from './recall.ts';
import { type RedactionRules, hasRules, redact } from './redact.ts';
import type { State } from './log/event.ts';

/**
 * Why a memory stays on this machine although its scope lets it go; null where nothing keeps it. Synchronising sends whole
 * records or none: where a part may not leave, nothing does.
 *
 * @param rules personal data that may not go to the team
 */
export function holdOf(memory: KnownMemory, constraints: Constraints, rules: RedactionRules): string | null {
  if (memory.state === 'forgotten') return memory.held ?? null;
  if (!constraints.memory_enabled) return 'memory_enabled is off';
  if (memory.type === 'USER_PATTERN' && !constraints.learn_patterns) return 'learn_patterns is off';
  if (constraints.anonymize_dates) return 'anonymize_dates is on, and a synchronised record has its days';
  const found = hasRules(rules) ? personalIn(memory, rules) : [];
  return found.length > 0 ? `it has personal data: ${found.join(', ')}` : null;
}

/** Names of the rules that find something in what a memory says. */
function personalIn({ text, evidence = [], domain, extra }: KnownMemory, rules: RedactionRules): string[] {
  const texts = [text, domain ?? '', ...evidence.flatMap(({ quote }) => quote ?? []), JSON.stringify(extra ?? {})];
  return Object.keys(redact(texts.join('\n'), rules).found).sort();
}

/** The memory as it is written: with the reason, or without one. */
export function withHold(
  memory: State & { readonly id: string },
  reason: string | null,
): State & { readonly id: string } {
  const { held: _before, ...rest } = memory;
  return reason === null ? rest : { ...rest, held: reason };
}

/** Why nothing of this record is to leave; null where it may. */
export function keptHere(record: State | null): string | null {
  if (record === null) return null;
  const { held, scope } = record;
  if (typeof held === 'string') return held;
  return typeof scope === 'string' && scope !== 'team' ? `its scope is ${scope}` : null;
}

/**
 * What was said of a record goes where the record goes: the events that this copy of the vault wrote about it, and the
 * conflicts about it, are held with it and let go with it. Events of other copies are theirs.
 */
export async function followers(store: Store, key: string, replica: string, reason: string | null): Promise<Write[]> {
  const [collection = '', id = ''] = key.split(/\/(.*)/s);
  const events = await store.collection('memory_events').find({ entity_key: key, replica });
  const open = events.filter(({ scope }) => scope === undefined || scope === 'team');
  const conflicts = await store.collection('conflicts').find({ collection, record_id: id });
  return [
    ...open.flatMap((event) => held('memory_events', event as Committed, reason)),
    ...conflicts.flatMap((conflict) => held('conflicts', conflict as Committed, reason)),
  ];
}

function held(collection: 'memory_events' | 'conflicts', record: Committed, reason: string | null): Write[] {
  const { _meta, ...fields } = record;
  if ((fields['held'] ?? null) === reason) return [];
  return [{ op: 'replace', collection, id: record.id, record: withHold(fields, reason), ifRev: _meta.rev }];
}
