import type { Memory } from '../../shared/collections/memories.ts';
import type { Constraints } from '../../shared/collections/profiles.ts';
import { anchorMs, confidenceAt, stateAt } from './confidence.ts';
import { type Audience, OPEN, PERSON, monthOf, withheld, withoutDays } from './constraints.ts';
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
  /** Words of the query that it has, as they stand there. */
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
export function recencyOf(memory: Memory, atMs: number): number {
  return 0.5 + 0.5 * 2 ** (-Math.max(0, atMs - anchorMs(memory)) / DAY_MS / 30);
}

interface Entry {
  readonly memory: KnownMemory;
  readonly length: number;
}
interface Posting {
  readonly entry: Entry;
  count: number;
}

/** Words of memories, for BM25 (Robertson and Zaragoza, 2009). Kept up to date a memory at a time. */
export interface RecallIndex {
  put(memory: KnownMemory): void;
  remove(id: string): void;
  readonly size: number;
  recall(request: RecallRequest): Recall;
}

const K1 = 1.2;
const B = 0.5;

export function createRecallIndex(): RecallIndex {
  const entries = new Map<string, Entry & { readonly counts: ReadonlyMap<string, number> }>();
  const postings = new Map<string, Map<string, Posting>>();
  let total = 0;

  function remove(id: string): void {
    const known = entries.get(id);
    if (!known) return;
    for (const word of known.counts.keys()) {
      const list = postings.get(word);
      list?.delete(id);
      if (list?.size === 0) postings.delete(word);
    }
    total -= known.length;
    entries.delete(id);
  }

  function put(memory: KnownMemory): void {
    remove(memory.id);
    const found = keywords(`${memory.text} ${memory.domain ?? ''}`);
    const counts = new Map<string, number>();
    for (const word of found) counts.set(word, (counts.get(word) ?? 0) + 1);
    const entry = { memory, length: found.length, counts };
    entries.set(memory.id, entry);
    total += found.length;
    for (const [word, count] of counts) {
      const list = postings.get(word) ?? new Map<string, Posting>();
      postings.set(word, list.set(memory.id, { entry, count }));
    }
  }

  function relevances(query: string): Map<Entry, { score: number; words: string[] }> {
    const scores = new Map<Entry, { score: number; words: string[] }>();
    const mean = total / Math.max(1, entries.size);
    for (const word of new Set(keywords(query))) {
      const list = postings.get(word);
      if (!list) continue;
      const rarity = Math.log(1 + (entries.size - list.size + 0.5) / (list.size + 0.5));
      for (const { entry, count } of list.values()) {
        const weight = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * entry.length) / mean));
        const known = scores.get(entry);
        if (known) {
          known.score += rarity * weight;
          known.words.push(word);
        } else scores.set(entry, { score: rarity * weight, words: [word] });
      }
    }
    return scores;
  }

  return {
    put,
    remove,
    get size() {
      return entries.size;
    },
    recall(request) {
      const { atMs, constraints = OPEN, audience = PERSON } = request;
      const kept: Record<string, number> = {};
      const scored: {
        memory: KnownMemory;
        relevance: number;
        words: string[];
        score: number;
        confidence: number;
        recency: number;
      }[] = [];
      for (const [{ memory }, { score: relevance, words }] of relevances(request.query)) {
        if (stateAt(memory, atMs) !== 'active' || request.isAsked?.(memory) === false) continue;
        const reason = withheld(memory, constraints, audience, atMs);
        if (reason !== null) {
          kept[reason] = (kept[reason] ?? 0) + 1;
          continue;
        }
        const confidence = confidenceAt(memory, atMs);
        const recency = recencyOf(memory, atMs);
        scored.push({ memory, relevance, words, confidence, recency, score: relevance * confidence * recency });
      }
      scored.sort((a, b) => b.score - a.score || (a.memory.id < b.memory.id ? -1 : 1));
      return { ...fill(scored, request.budget, constraints.anonymize_dates), withheld: kept };
    },
  };
}

type Scored = Omit<Pick, 'id' | 'type' | 'text' | 'tokens' | 'why' | 'matched' | 'last_confirmed_at'> & {
  readonly memory: KnownMemory;
  readonly words: readonly string[];
};

/** Takes the best that fit; one that is too long makes room for a shorter one after it. */
function fill(scored: readonly Scored[], budget: number, hidesDays: boolean): Omit<Recall, 'withheld'> {
  const picks: Pick[] = [];
  let used = 0;
  let leftOut = 0;
  for (const each of scored) {
    const text = hidesDays ? withoutDays(each.memory.text) : each.memory.text;
    const tokens = tokensOf(text);
    if (used + tokens > budget) leftOut += 1;
    else {
      used += tokens;
      picks.push(pickOf(each, text, tokens, hidesDays));
    }
  }
  return { picks, tokens: used, left_out: leftOut };
}

function pickOf({ memory, words, ...parts }: Scored, text: string, tokens: number, hidesDays: boolean): Pick {
  const said = words.length === 1 ? `It has the word ${words[0]}` : `It has the words ${words.join(', ')}`;
  const share = (number: number): string => number.toFixed(2);
  const confirmed = memory.last_confirmed_at ?? memory.added_at ?? memory.created_at;
  return {
    id: memory.id,
    type: memory.type,
    text,
    ...parts,
    tokens,
    matched: words,
    why: `${said} (${share(parts.relevance)}), is believed with ${share(parts.confidence)} and counts ${share(parts.recency)} for its age.`,
    last_confirmed_at: hidesDays ? monthOf(confirmed) : confirmed,
  };
}
