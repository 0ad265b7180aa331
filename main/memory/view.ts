import { confidenceAt, fadesAtMs, stateAt } from './confidence.ts';
import type { KnownMemory } from './recall.ts';
import type { MemoryQuery, MemoryView } from './types.ts';

/** A memory as it is at a time (ms since 1970). */
export function viewOf(memory: KnownMemory, atMs: number): MemoryView {
  const fades = fadesAtMs(memory);
  const state = stateAt(memory, atMs);
  return {
    id: memory.id,
    type: memory.type,
    text: memory.text,
    confidence: memory.confidence,
    current_confidence: state === 'forgotten' ? 0 : confidenceAt(memory, atMs),
    state,
    subject: memory.subject ?? null,
    tenant: memory.tenant ?? null,
    domain: memory.domain ?? null,
    scope: memory.scope ?? 'team',
    pinned: memory.pinned ?? false,
    evidence: memory.evidence ?? [],
    added_at: memory.added_at ?? memory.created_at,
    last_confirmed_at: memory.last_confirmed_at ?? null,
    confirmation_count: memory.confirmation_count ?? 1,
    contradiction_count: memory.contradiction_count ?? 0,
    last_recalled_at: memory.last_recalled_at ?? null,
    recall_count: memory.recall_count ?? 0,
    fades_at: fades === null || state === 'forgotten' ? null : new Date(fades).toISOString(),
    updated_at: memory.updated_at,
  };
}

/** Whether a list with this query shows it; without a state, what is believed: active and dormant ones. */
export function isAsked(view: MemoryView, { state, type, subject, tenant, least }: MemoryQuery): boolean {
  if (state === undefined ? view.state !== 'active' && view.state !== 'dormant' : view.state !== state) return false;
  if (type !== undefined && view.type !== type) return false;
  if (subject !== undefined && view.subject !== subject) return false;
  if (tenant !== undefined && view.tenant !== tenant) return false;
  return least === undefined || view.current_confidence >= least;
}
