import type { Memory } from '../../shared/collections/memories.ts';
import type { Constraints } from '../../shared/collections/profiles.ts';
import { askedWords } from './asked-words.ts';
import { bestFirst } from './best-first.ts';
import { type Fading, fadedTo, fadingOf, isFaded } from './confidence.ts';
import { type Audience, OPEN, PERSON, monthOf, withheld, withoutDays } from './constraints.ts';
import { createRecallWords } from './recall-words.ts';
import { DAY_MS } from './rules.ts';
import { keywords } from './text/normalise.ts';

export type KnownMemory = Memory & { readonly id: string };

export interface RecallRequest {
  readonly query: string;
  /** Tokens that the picks may take together, by `tokensOf`. */
  readonly budget: number;
  readonly atMs: number;
  readonly constraints?: Constraints;
  readonly audience?: Audience;
  /** Whose memories; absent: all. */
  readonly isAsked?: (memory: KnownMemory) => boolean;
}

export interface Pick {
  readonly id: string;
  readonly type: Memory['type'];
  readonly text: string;
  /** relevance × confidence × recency. */
  readonly score: number;
  readonly relevance: number;
  readonly confidence: number;
  readonly recency: number;
  readonly tokens: number;
  /** Words of the query that it has, in lower case. */
  readonly matched: readonly string[];
  /** In a sentence, why it was picked. */
  readonly why: string;
  readonly last_confirmed_at: string;
}

export interface Recall {
  readonly picks: readonly Pick[];
  readonly tokens: number;
  /** Memories with a word of the query that were kept back, by reason. */
  readonly withheld: Readonly<Record<string, number>>;
  /** Relevant ones for which the budget had no room. */
  readonly left_out: number;
}

/** About four characters to a token, as assistants count English; never 0. */
export function tokensOf(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}

/** How much older memories count: all of it when fresh, half of it in the end. Half way after 30 days. */
export function recencyOf({ anchorMs }: Fading, atMs: number): number {
  return 0.5 + 0.5 * 2 ** (-Math.max(0, atMs - anchorMs) / DAY_MS / 30);
}

/** Memories by their words. Kept up to date a memory at a time. */
export interface RecallIndex {
  put(memory: KnownMemory): void;
  remove(id: string): void;
  readonly size: number;
  recall(request: RecallRequest): Recall;
}

interface Entry {
  readonly memory: KnownMemory;
  readonly fading: Fading;
  readonly tokens: number;
  /** Where days are hidden. */
  readonly tokensWithoutDays: number;
}

/** What is worth something to a query: entries by slot, with how well each fits and its score. */
interface Candidates {
  readonly slots: readonly number[];
  readonly relevances: Float64Array;
  readonly scores: Float64Array;
}

export function createRecallIndex(): RecallIndex {
  const words = createRecallWords();
  const slotOf = new Map<string, number>();
  const entries: (Entry | undefined)[] = [];
  const free: number[] = [];
  let scores = new Float64Array(64);

  function remove(id: string): void {
    const slot = slotOf.get(id);
    const entry = slot === undefined ? undefined : entries[slot];
    if (slot === undefined || !entry) return;
    words.remove(slot, wordsOf(entry.memory));
    slotOf.delete(id);
    entries[slot] = undefined;
    free.push(slot);
  }

  function put(memory: KnownMemory): void {
    remove(memory.id);
    const slot = free.pop() ?? entries.length;
    entries[slot] = entryOf(memory);
    slotOf.set(memory.id, slot);
    words.add(slot, wordsOf(memory));
  }

  function candidates(request: RecallRequest): { found: Candidates; kept: Record<string, number> } {
    const { atMs, constraints = OPEN, audience = PERSON, isAsked } = request;
    const { slots, count, scores: relevances } = words.relevances([...askedWords(request.query).keys()]);
    if (scores.length < entries.length) scores = new Float64Array(entries.length * 2);
    const kept: Record<string, number> = {};
    const found: number[] = [];
    for (let at = 0; at < count; at += 1) {
      const slot = slots[at] ?? 0;
      const entry = entries[slot];
      if (!entry || !isActive(entry, atMs) || isAsked?.(entry.memory) === false) continue;
      const reason = withheld(entry.memory, constraints, audience, atMs);
      if (reason === null) {
        found.push(slot);
        scores[slot] = (relevances[slot] ?? 0) * fadedTo(entry.fading, atMs) * recencyOf(entry.fading, atMs);
      } else kept[reason] = (kept[reason] ?? 0) + 1;
    }
    return { found: { slots: found, relevances, scores }, kept };
  }

  return {
    put,
    remove,
    get size() {
      return slotOf.size;
    },
    recall(request) {
      const { found, kept } = candidates(request);
      return { ...fill(found, entries, request), withheld: kept };
    },
  };
}

function wordsOf({ text, domain = '' }: KnownMemory): string[] {
  return keywords(`${text} ${domain}`);
}

function entryOf(memory: KnownMemory): Entry {
  const tokens = tokensOf(memory.text);
  const tokensWithoutDays = /\d/.test(memory.text) ? tokensOf(withoutDays(memory.text)) : tokens;
  return { memory, fading: fadingOf(memory), tokens, tokensWithoutDays };
}

function isActive({ memory: { state = 'active' }, fading }: Entry, atMs: number): boolean {
  return (state === 'active' || state === 'dormant') && !isFaded(fading, atMs);
}

/** Takes the best that fit; one that is too long makes room for a shorter one after it. */
function fill(
  { slots, relevances, scores }: Candidates,
  entries: readonly (Entry | undefined)[],
  { query, budget, atMs, constraints }: RecallRequest,
): Omit<Recall, 'withheld'> {
  const hidesDays = constraints?.anonymize_dates === true;
  const tokensOfSlot = (slot: number): number => entries[slot]?.[hidesDays ? 'tokensWithoutDays' : 'tokens'] ?? 0;
  const idOf = (slot: number): string => entries[slot]?.memory.id ?? '';
  const queue = bestFirst(slots, (a, b) => {
    const [first, second] = [scores[a] ?? 0, scores[b] ?? 0];
    return first > second || (first === second && idOf(a) < idOf(b));
  });
  const asked = askedWords(query);
  const picks: Pick[] = [];
  let used = 0;
  let leftOut = 0;
  for (let slot = queue.take(); slot !== undefined; slot = queue.take()) {
    const [entry, tokens] = [entries[slot], tokensOfSlot(slot)];
    const room = budget - used;
    // The room only becomes less: what does not fit now is not looked at again.
    if (!entry || tokens > room) leftOut += 1 + queue.keepOnly((other) => tokensOfSlot(other) <= room);
    else {
      used += tokens;
      picks.push(pickOf(entry, relevances[slot] ?? 0, asked, atMs, hidesDays));
    }
  }
  return { picks, tokens: used, left_out: leftOut };
}

function pickOf(
  { memory, fading, tokens, tokensWithoutDays }: Entry,
  relevance: number,
  asked: ReadonlyMap<string, string>,
  atMs: number,
  hidesDays: boolean,
): Pick {
  const has = new Set(wordsOf(memory));
  const matched = [...asked].filter(([keyword]) => has.has(keyword)).map(([, word]) => word);
  const said = matched.length === 1 ? `It has the word ${matched[0]}` : `It has the words ${matched.join(', ')}`;
  const confidence = fadedTo(fading, atMs);
  const recency = recencyOf(fading, atMs);
  const share = (number: number): string => number.toFixed(2);
  const confirmed = memory.last_confirmed_at ?? memory.added_at ?? memory.created_at;
  return {
    id: memory.id,
    type: memory.type,
    text: hidesDays ? withoutDays(memory.text) : memory.text,
    score: relevance * confidence * recency,
    relevance,
    confidence,
    recency,
    tokens: hidesDays ? tokensWithoutDays : tokens,
    matched,
    why: `${said} (${share(relevance)}), is believed with ${share(confidence)} and counts ${share(recency)} for its age.`,
    last_confirmed_at: hidesDays ? monthOf(confirmed) : confirmed,
  };
}
