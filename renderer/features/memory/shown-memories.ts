import type { MemoryType } from '../../../shared/collections/memories.ts';
import type { RecordScope } from '../../../shared/collections/scope.ts';
import type { Output } from '../../../shared/ipc/contract.ts';
import { strings } from '../../lib/strings.ts';

export type MemoryView = Output<'memory.show'>;

export const memorySorts = ['confidence', 'confirmed', 'fading', 'added', 'text'] as const;

/** What the list is narrowed to, and its order. */
export interface MemoryFilter {
  readonly text: string;
  readonly type: MemoryType | 'all';
  /** believed: active and dormant. */
  readonly state: 'believed' | 'active' | 'dormant' | 'rejected';
  readonly sort: (typeof memorySorts)[number];
  /** As a table, or as a list with the memory beside it. */
  readonly shape: 'list' | 'table';
  /** '': of any. */
  readonly domain: string;
  readonly evidence: 'all' | 'with' | 'without';
  readonly scope: RecordScope | 'all';
  /** Current confidence at least, in [0, 1]. */
  readonly least: number;
}

export const wholeList: MemoryFilter = {
  text: '',
  type: 'all',
  state: 'believed',
  sort: 'confidence',
  shape: 'list',
  domain: '',
  evidence: 'all',
  scope: 'all',
  least: 0,
};

/** How many of the further filters narrow the list. */
export function furtherCount({ domain, evidence, scope, least }: MemoryFilter): number {
  return [domain !== '', evidence !== 'all', scope !== 'all', least > 0].filter(Boolean).length;
}

/** Those that hold every word searched for and are as asked, in order. Their state main has looked at. */
export function shownMemories(all: readonly MemoryView[], filter: MemoryFilter): readonly MemoryView[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter((memory) => isAsked(memory, filter))
    .filter((memory) => words.every((word) => searchedText(memory).includes(word)))
    .sort(orders[filter.sort]);
}

function isAsked(memory: MemoryView, { type, domain, evidence, scope, least }: MemoryFilter): boolean {
  if (type !== 'all' && memory.type !== type) return false;
  if (domain !== '' && memory.domain !== domain) return false;
  if (evidence !== 'all' && memory.evidence.length > 0 !== (evidence === 'with')) return false;
  if (scope !== 'all' && memory.scope !== scope) return false;
  // As it is shown, with two digits.
  return Math.round(memory.current_confidence * 100) >= Math.round(least * 100);
}

/** The domains that memories name, in order. */
export function domainsOf(all: readonly MemoryView[]): readonly string[] {
  return [...new Set(all.flatMap(({ domain }) => domain ?? []))].sort((a, b) => a.localeCompare(b));
}

function searchedText({ text, subject, domain }: MemoryView): string {
  return [text, subject, domain].filter(Boolean).join('\n').toLowerCase();
}

/** When it was last said to be so. */
export function lastConfirmed({ last_confirmed_at: confirmed, added_at: added }: MemoryView): string {
  return confirmed ?? added;
}

/** Whom it is about, where that is somebody else than the person. */
export function subjectOf({ subject }: MemoryView): string {
  return subject === null || subject === 'USER:local' ? '' : subject;
}

/** How far it may go, where that is not as far as usual. */
export function scopeOf({ scope }: MemoryView): string {
  return scope === 'team' ? '' : strings.memory.form.scopes[scope];
}

const byConfidence = (a: MemoryView, b: MemoryView): number => b.current_confidence - a.current_confidence;

const orders = {
  confidence: byConfidence,
  confirmed: (a, b) => lastConfirmed(b).localeCompare(lastConfirmed(a)) || byConfidence(a, b),
  // What never fades comes last.
  fading: (a, b) => (a.fades_at ?? '~').localeCompare(b.fades_at ?? '~') || byConfidence(a, b),
  added: (a, b) => b.added_at.localeCompare(a.added_at) || byConfidence(a, b),
  text: (a, b) => a.text.localeCompare(b.text),
} satisfies Record<MemoryFilter['sort'], (a: MemoryView, b: MemoryView) => number>;
