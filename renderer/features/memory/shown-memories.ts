import type { MemoryType } from '../../../shared/collections/memories.ts';
import type { Output } from '../../../shared/ipc/contract.ts';

export type MemoryView = Output<'memory.show'>;

/** What the list is narrowed to, and its order. */
export interface MemoryFilter {
  readonly text: string;
  readonly type: MemoryType | 'all';
  /** believed: active and dormant. */
  readonly state: 'believed' | 'active' | 'dormant' | 'rejected';
  readonly sort: 'confidence' | 'confirmed' | 'fading';
}

export const wholeList: MemoryFilter = { text: '', type: 'all', state: 'believed', sort: 'confidence' };

/** Those of one type that hold every word searched for, in the order asked for. Their state main has looked at. */
export function shownMemories(all: readonly MemoryView[], { text, type, sort }: MemoryFilter): readonly MemoryView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter((memory) => type === 'all' || memory.type === type)
    .filter((memory) => words.every((word) => searchedText(memory).includes(word)))
    .sort(orders[sort]);
}

function searchedText({ text, subject, domain }: MemoryView): string {
  return [text, subject, domain].filter(Boolean).join('\n').toLowerCase();
}

/** When it was last said to be so. */
export function lastConfirmed({ last_confirmed_at: confirmed, added_at: added }: MemoryView): string {
  return confirmed ?? added;
}

const byConfidence = (a: MemoryView, b: MemoryView): number => b.current_confidence - a.current_confidence;

const orders = {
  confidence: byConfidence,
  confirmed: (a, b) => lastConfirmed(b).localeCompare(lastConfirmed(a)) || byConfidence(a, b),
  // What never fades comes last.
  fading: (a, b) => (a.fades_at ?? '~').localeCompare(b.fades_at ?? '~') || byConfidence(a, b),
} satisfies Record<MemoryFilter['sort'], (a: MemoryView, b: MemoryView) => number>;
