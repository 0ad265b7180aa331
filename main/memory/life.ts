import { randomBytes } from 'node:crypto';
import { type Evidence, FORGOTTEN_TEXT, type Memory } from '../../shared/collections/memories.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { sha256Hex } from '../lib/hash.ts';
import { LEAST_STORED } from './rules.ts';
import { normalised } from './text/normalise.ts';
import type { KnownMemory } from './recall.ts';

/** What happens to a memory, as functions from the record to the next one. `now` is an ISO time. */

/** The person says that it is so. It takes one contradiction back, and wakes what was dormant. */
export function confirmed(memory: KnownMemory, now: string, evidence: readonly Evidence[] = []): KnownMemory {
  return {
    ...memory,
    state: 'active',
    last_confirmed_at: now,
    confirmation_count: (memory.confirmation_count ?? 1) + 1,
    contradiction_count: Math.max(0, (memory.contradiction_count ?? 0) - 1),
    is_confirmed: true,
    evidence: united(memory.evidence ?? [], evidence),
  };
}

/** The person, or something they said, denies it. */
export function contradicted(memory: KnownMemory, now: string, evidence: readonly Evidence[] = []): KnownMemory {
  const against = evidence.map((each): Evidence => ({ ...each, stance: 'contradicts' }));
  return {
    ...memory,
    contradiction_count: (memory.contradiction_count ?? 0) + 1,
    last_contradicted_at: now,
    evidence: united(memory.evidence ?? [], against),
  };
}

/** One memory that says what several said: the best believed of them, with the confirmations and evidence of all. */
export function mergedInto(kept: KnownMemory, others: readonly KnownMemory[]): KnownMemory {
  const all = [kept, ...others];
  const latest = (field: 'last_confirmed_at' | 'last_observed'): Partial<Memory> => {
    const times = all.flatMap((memory) => memory[field] ?? []).sort();
    const last = times.at(-1);
    return last === undefined ? {} : { [field]: last };
  };
  const added = all.map(({ added_at, created_at }) => added_at ?? created_at).sort()[0];
  return {
    ...kept,
    ...latest('last_confirmed_at'),
    ...latest('last_observed'),
    ...(added !== undefined && { added_at: added }),
    confidence: Math.max(...all.map(({ confidence }) => confidence)),
    confirmation_count: all.reduce((sum, { confirmation_count = 1 }) => sum + confirmation_count, 0),
    evidence: united(
      [],
      all.flatMap(({ evidence = [] }) => evidence),
    ),
    merged_from: [...new Set(all.flatMap(({ merged_from = [] }) => merged_from).concat(others.map(({ id }) => id)))],
  };
}

function united(known: readonly Evidence[], more: readonly Evidence[]): Evidence[] {
  return [...new Map([...known, ...more].map((each) => [canonicalJson(each), each])).values()];
}

/** What is left of a memory that is forgotten: that there was one, and by which hash it is known should it come again. */
export function tombstoneOf(memory: KnownMemory, now: string): KnownMemory {
  const { id, type, created_at, subject, tenant, scope, held } = memory;
  return {
    id,
    type,
    text: FORGOTTEN_TEXT,
    confidence: LEAST_STORED,
    created_at,
    updated_at: now,
    ...(subject !== undefined && { subject }),
    ...(tenant !== undefined && { tenant }),
    ...(scope !== undefined && { scope }),
    ...(held !== undefined && { held }),
    state: 'forgotten',
    forgotten: fingerprint(memory.text, now),
  };
}

/** A proposal that was turned down keeps its text for the person's own list, and is known again by its hash. */
export function rejected(memory: KnownMemory, now: string): KnownMemory {
  return { ...memory, state: 'rejected', forgotten: fingerprint(memory.text, now) };
}

function fingerprint(text: string, now: string): NonNullable<Memory['forgotten']> {
  const salt = randomBytes(16).toString('hex');
  return { salt, hash: hashOf(salt, text), at: now };
}

function hashOf(salt: string, text: string): string {
  return sha256Hex(`${salt}\n${normalised(text)}`);
}

/** Whether this text is what was forgotten or turned down. */
export function isForgotten(text: string, { forgotten }: Pick<Memory, 'forgotten'>): boolean {
  return forgotten !== undefined && hashOf(forgotten.salt, text) === forgotten.hash;
}
