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
  const believed = memories.filter((memory) => ['active', 'dormant'].includes(stateAt(memory, atMs)));
  const active = believed.filter((memory) => stateAt(memory, atMs) === 'active');
  await slices.pause();
  const pairs = await alike(believed, slices);
  return {
    at: new Date(atMs).toISOString(),
    memories: believed.length,
    duplicates: pairs.filter(({ kind }) => kind === 'same').map(pairOnly),
    contradictions: pairs.filter(({ kind }) => kind === 'contradicts').map(pairOnly),
    without_evidence: believed.filter(({ evidence = [] }) => evidence.length === 0).map(({ id }) => id),
    never_recalled: active
      .filter((memory) => (memory.recall_count ?? 0) === 0)
      .filter((memory) => atMs - Date.parse(memory.added_at ?? memory.created_at) >= 30 * DAY_MS)
      .map(({ id }) => id),
    about_to_fade: fading(active, atMs),
    dormant: believed.filter((memory) => stateAt(memory, atMs) === 'dormant').map(({ id }) => id),
    crowded_sources: crowded(believed),
  };
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

function fading(active: readonly KnownMemory[], atMs: number): HygieneReport['about_to_fade'] {
  return active
    .flatMap((memory) => {
      const fades = fadesAtMs(memory);
      return fades !== null && fades - atMs <= 7 * DAY_MS
        ? [{ id: memory.id, fades_at: new Date(fades).toISOString(), confidence: confidenceAt(memory, atMs) }]
        : [];
    })
    .sort((a, b) => (a.fades_at < b.fades_at ? -1 : 1));
}

function crowded(memories: readonly KnownMemory[]): HygieneReport['crowded_sources'] {
  const counts = new Map<string, number>();
  for (const memory of memories) {
    for (const source of new Set(sourcesOf(memory))) counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return [...counts]
    .map(([source, count]) => ({ source, memories: count, share: count / memories.length }))
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
