import type { Constraints } from '../../shared/collections/profiles.ts';
import { type Audience, withheld, withoutDays } from './constraints.ts';
import { stateAt } from './confidence.ts';
import type { State } from './log/event.ts';
import { toProfileDocument } from './migrate.ts';
import type { KnownMemory } from './recall.ts';
import { type RedactionRules, hasRules, redactDeep } from './redact.ts';

export interface MemoryExport {
  /** As seed 004 has it. */
  readonly document: State;
  readonly memories: number;
  /** How many were kept back, by reason. */
  readonly withheld: Readonly<Record<string, number>>;
}

interface Given {
  /** Null where there is none: then the document has no more than the memories. */
  readonly profile: State | null;
  readonly whose: { readonly subject: string; readonly tenant: string };
  readonly memories: Iterable<KnownMemory>;
  readonly constraints: Constraints;
  readonly audience: Audience;
  readonly rules: RedactionRules;
  readonly atMs: number;
}

/** Bookkeeping of this vault's own. */
const OURS = ['_meta', 'held', 'scope', 'forgotten', 'state'];

/** What is believed of a person, as one document for whoever it is for. Pure. */
export function exportMemories({ profile, whose, memories, constraints, audience, rules, atMs }: Given): MemoryExport {
  const kept: Record<string, number> = {};
  const given: KnownMemory[] = [];
  for (const memory of memories) {
    if (stateAt(memory, atMs) !== 'active') continue;
    const reason = withheld(memory, constraints, audience, atMs);
    if (reason === null) given.push(without(memory, OURS) as KnownMemory);
    else kept[reason] = (kept[reason] ?? 0) + 1;
  }
  const own = profile === null || !mayHaveProfile(constraints, audience) ? whose : without(profile, OURS);
  const document = toProfileDocument(own, given);
  const dated = constraints.anonymize_dates ? withoutDaysIn(document) : document;
  return { document: hasRules(rules) ? redactDeep(dated, rules) : dated, memories: given.length, withheld: kept };
}

/** Preferences and domains are as personal as the memories that they come from. */
function mayHaveProfile(constraints: Constraints, audience: Audience): boolean {
  if (!constraints.memory_enabled) return false;
  return audience.kind !== 'program' || constraints.share_with.includes(audience.name);
}

function without(record: State | KnownMemory, fields: readonly string[]): State {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)));
}

function withoutDaysIn<T>(value: T): T {
  if (typeof value === 'string') return withoutDays(value) as T;
  if (Array.isArray(value)) return value.map((member: unknown) => withoutDaysIn(member)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutDaysIn(member)])) as T;
}
