import type { Evidence, Memory, MemoryState } from '../../shared/collections/memories.ts';
import {
  type Believed,
  anchorMs,
  confidenceAt,
  fadesAtMs,
  floorOf,
  halfLifeDays,
  repetitions,
  stateAt,
  strength,
} from './confidence.ts';
import { DAY_MS } from './rules.ts';

/** One step from the base to what is believed now. */
export interface ConfidenceStep {
  readonly kind: 'base' | 'evidence' | 'confirmations' | 'contradictions' | 'decay';
  /** For people, in a sentence. */
  readonly text: string;
  /** What it adds or takes; the steps add up to the current confidence. */
  readonly change: number;
  /** Confidence after this step. */
  readonly confidence: number;
}

export interface CurvePoint {
  readonly at: string;
  readonly confidence: number;
}

/** Why a memory has the confidence it has, and what comes next. */
export interface Why {
  readonly confidence: number;
  readonly current_confidence: number;
  readonly state: MemoryState;
  readonly floor: number;
  readonly half_life_days: number;
  /** When it goes dormant unless something confirms it; null: never. */
  readonly fades_at: string | null;
  readonly steps: readonly ConfidenceStep[];
  readonly evidence: readonly Evidence[];
  /** From the last confirmation to past the floor, with the present among them, for drawing. */
  readonly curve: readonly CurvePoint[];
}

const POINTS = 24;

/** Explains a memory's confidence at a time (ms since 1970). Pure. */
export function explainConfidence(memory: Memory, atMs: number): Why {
  const fadesAt = fadesAtMs(memory);
  return {
    confidence: memory.confidence,
    current_confidence: confidenceAt(memory, atMs),
    state: stateAt(memory, atMs),
    floor: floorOf(memory),
    half_life_days: halfLifeDays(memory),
    fades_at: fadesAt === null ? null : iso(fadesAt),
    steps: steps(memory, atMs),
    evidence: memory.evidence ?? [],
    curve: curve(memory, atMs),
  };
}

function steps(memory: Memory, atMs: number): ConfidenceStep[] {
  const without = (change: Partial<Memory>): number => strength({ ...memory, ...change });
  const base = memory.confidence;
  const once = { confirmation_count: 1, observation_count: 1, contradiction_count: 0 };
  const withEvidence = without(once);
  const confirmed = without({ contradiction_count: 0 });
  const contradicted = strength(memory);
  const now = confidenceAt(memory, atMs);
  const days = Math.max(0, Math.floor((atMs - anchorMs(memory)) / DAY_MS));
  const messages = new Set((memory.evidence ?? []).map(({ message_id }) => message_id)).size;
  const times = repetitions(memory);
  const against = memory.contradiction_count ?? 0;
  const all: ConfidenceStep[] = [
    { kind: 'base', text: `It was added with ${rounded(base)}.`, change: base, confidence: base },
    step('evidence', `${counted(messages, 'message')} as evidence.`, base, withEvidence),
    step('confirmations', `Said or confirmed ${counted(times, 'time')}.`, withEvidence, confirmed),
    step('contradictions', `Contradicted ${counted(against, 'time')}.`, confirmed, contradicted),
    step('decay', decayText(memory, days), contradicted, now),
  ];
  return all.filter(
    ({ kind, change }) => kind === 'base' || kind === 'decay' || change !== 0 || (kind === 'evidence' && messages > 0),
  );
}

function step(kind: ConfidenceStep['kind'], text: string, before: number, after: number): ConfidenceStep {
  return { kind, text, change: after - before, confidence: after };
}

function decayText(memory: Believed, days: number): string {
  if (memory.pinned === true) return 'Pinned: it does not fade.';
  const left = `half of it fades every ${rounded(halfLifeDays(memory))} days`;
  return days === 0 ? `Fresh; ${left}.` : `${counted(days, 'day')} without confirmation; ${left}.`;
}

function curve(memory: Memory, atMs: number): CurvePoint[] {
  const from = anchorMs(memory);
  const fades = fadesAtMs(memory) ?? from + halfLifeDays(memory) * DAY_MS;
  const until = Math.max(fades + (fades - from) / 4, atMs, from + DAY_MS);
  const times = Array.from({ length: POINTS }, (_, index) => from + ((until - from) * index) / (POINTS - 1));
  if (atMs > from) times.push(atMs);
  return [...new Set(times.map(Math.round))]
    .sort((a, b) => a - b)
    .map((ms) => ({ at: iso(ms), confidence: confidenceAt(memory, ms) }));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
function rounded(number: number): string {
  return String(Math.round(number * 100) / 100);
}
function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
