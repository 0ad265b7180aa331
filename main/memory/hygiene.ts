import { type TimeSlices, createTimeSlices } from '../lib/time-slices.ts';
import { confidenceAt, fadesAtMs, stateAt } from './confidence.ts';
import { createDuplicateIndex } from './duplicates.ts';
import type { KnownMemory } from './recall.ts';
import { DAY_MS } from './rules.ts';

/** What could be tidied up among the memories; every list holds ids. */
export interface HygieneReport {
  readonly at: string;
  readonly memories: number;
  readonly duplicates: readonly HygienePair[];
  readonly contradictions: readonly HygienePair[];
  readonly without_evidence: readonly string[];
  /** Believed for 30 days and more, and never given to anybody. */
  readonly never_recalled: readonly string[];
  /** Dormant within a week unless confirmed, soonest first. */
  readonly about_to_fade: readonly { readonly id: string; readonly fades_at: string; readonly confidence: number }[];
  readonly dormant: readonly string[];
  /** Sources that brought far more than the others: a loop, or an import that went wrong. */
  readonly crowded_sources: readonly { readonly source: string; readonly memories: number; readonly share: number }[];
}

export interface HygienePair {
  readonly ids: readonly [string, string];
  readonly similarity: number;
}

const CROWD = 20;
const CROWD_SHARE = 0.3;

/** Looks over all memories at a time (ms since 1970), giving the event loop back in between. Changes nothing. */
export async function inspect(
  memories: readonly KnownMemory[],
  atMs: number,
  slices: TimeSlices = createTimeSlices(),
): Promise<HygieneReport> {
  const believed: KnownMemory[] = [];
  const [withoutEvidence, neverRecalled, dormant]: [string[], string[], string[]] = [[], [], []];
  const fading: HygieneReport['about_to_fade'][number][] = [];
  const counts = new Map<string, number>();
  for (const memory of memories) {
    await slices.pause();
    const state = stateAt(memory, atMs);
    if (state !== 'active' && state !== 'dormant') continue;
    believed.push(memory);
    const { id, evidence = [] } = memory;
    if (evidence.length === 0) withoutEvidence.push(id);
    for (const source of new Set(sourcesOf(memory))) counts.set(source, (counts.get(source) ?? 0) + 1);
    if (state === 'dormant') dormant.push(id);
    else {
      if (isNeverRecalled(memory, atMs)) neverRecalled.push(id);
      const fades = fadesAtMs(memory);
      if (fades !== null && fades - atMs <= 7 * DAY_MS)
        fading.push({ id, fades_at: new Date(fades).toISOString(), confidence: confidenceAt(memory, atMs) });
    }
  }
  const pairs = await alike(believed, slices);
  return {
    at: new Date(atMs).toISOString(),
    memories: believed.length,
    duplicates: pairs.filter(({ kind }) => kind === 'same').map(pairOnly),
    contradictions: pairs.filter(({ kind }) => kind === 'contradicts').map(pairOnly),
    without_evidence: withoutEvidence,
    never_recalled: neverRecalled,
    about_to_fade: fading.sort((a, b) => (a.fades_at < b.fades_at ? -1 : 1)),
    dormant,
    crowded_sources: crowded(counts, believed.length),
  };
}

function isNeverRecalled({ recall_count = 0, added_at, created_at }: KnownMemory, atMs: number): boolean {
  return recall_count === 0 && atMs - Date.parse(added_at ?? created_at) >= 30 * DAY_MS;
}

interface Pair extends HygienePair {
  readonly kind: 'same' | 'contradicts';
}

async function alike(memories: readonly KnownMemory[], slices: TimeSlices): Promise<Pair[]> {
  const index = createDuplicateIndex();
  const pairs: Pair[] = [];
  for (const { id, text } of memories) {
    for (const { id: other, likeness, similarity } of index.findAndPut(id, text)) {
      pairs.push({ ids: [other, id], similarity, kind: likeness === 'contradicts' ? 'contradicts' : 'same' });
    }
    await slices.pause();
  }
  return pairs;
}

function pairOnly({ ids, similarity }: Pair): HygienePair {
  return { ids, similarity };
}

function crowded(counts: ReadonlyMap<string, number>, all: number): HygieneReport['crowded_sources'] {
  return [...counts]
    .map(([source, count]) => ({ source, memories: count, share: count / all }))
    .filter(({ memories: count, share }) => count >= CROWD && share >= CROWD_SHARE)
    .sort((a, b) => b.memories - a.memories);
}

/** Conversations, and the text that was summed up. What the person typed is no crowd. */
function sourcesOf({ evidence = [], source_hash }: KnownMemory): string[] {
  return [
    ...evidence.map(({ conversation_id, message_id }) => conversation_id ?? message_id),
    ...(source_hash ? [source_hash] : []),
  ];
}
