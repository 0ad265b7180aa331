import type { MemoryType } from '../../../../shared/collections/memories.ts';
import type { MemoryView } from '../shown-memories.ts';

const dayMs = 86_400_000;

/** How many there were of each type at the end of a span of time. */
export interface Growth extends Readonly<Record<MemoryType, number>> {
  /** ms since 1970, the end of the span. */
  readonly untilMs: number;
}

const mostSpans = 30;
const spanDays = [1, 7, 30, 91, 365] as const;

/** Memories by the time they were added, summed up; the last entry is now. */
export function growthOf(memories: readonly MemoryView[], nowMs: number): readonly Growth[] {
  const added = memories.map(({ added_at }) => Math.min(nowMs, Date.parse(added_at)));
  const first = Math.min(...added);
  if (!Number.isFinite(first)) return [];
  const days = spanDays.find((each) => nowMs - first <= each * dayMs * mostSpans) ?? 365;
  const count = Math.max(2, Math.ceil((nowMs - first) / (days * dayMs)) + 1);
  return Array.from({ length: count }, (_, at): Growth => {
    const untilMs = nowMs - (count - 1 - at) * days * dayMs;
    const counted = { USER_FACT: 0, USER_PATTERN: 0, SHARED_NARRATIVE: 0 };
    memories.forEach(({ type }, n) => {
      if ((added[n] ?? nowMs) <= untilMs) counted[type] += 1;
    });
    return { untilMs, ...counted };
  });
}

export interface ConfidenceBin {
  readonly from: number;
  readonly to: number;
  readonly active: number;
  readonly dormant: number;
}

const bins = 10;

/** Confidence today in ten steps of 0.1; exactly 1 belongs to the last. */
export function confidenceBins(memories: readonly MemoryView[]): readonly ConfidenceBin[] {
  const counted = Array.from({ length: bins }, () => ({ active: 0, dormant: 0 }));
  for (const { current_confidence: confidence, state } of memories) {
    // Rounded as it is shown: 0.7 is no 0.6999.
    const at = Math.min(bins - 1, Math.max(0, Math.floor(Math.round(confidence * 100) / bins)));
    const bin = counted[at];
    if (bin) bin[state === 'dormant' ? 'dormant' : 'active'] += 1;
  }
  return counted.map((bin, at) => ({ from: at / bins, to: (at + 1) / bins, ...bin }));
}

/** The confidence above which half of them are. */
export function middleConfidence(memories: readonly MemoryView[]): number {
  const sorted = memories.map(({ current_confidence }) => current_confidence).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export interface FadingDay {
  /** The beginning of the local day. */
  readonly date: Date;
  readonly memories: readonly MemoryView[];
}

/** The seven days from today, with the memories that go dormant on each, soonest first. */
export function fadingDays(memories: readonly MemoryView[], now: Date): readonly FadingDay[] {
  const fading = memories
    .filter(({ state, fades_at: at }) => state === 'active' && at !== null)
    .map((memory) => ({ memory, atMs: Date.parse(memory.fades_at ?? '') }))
    .sort((a, b) => a.atMs - b.atMs);
  return Array.from({ length: 7 }, (_, ahead): FadingDay => {
    const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead);
    const next = new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead + 1);
    const ofDay = fading.filter(({ atMs }) => atMs >= date.getTime() && atMs < next.getTime());
    return { date, memories: ofDay.map(({ memory }) => memory) };
  });
}
