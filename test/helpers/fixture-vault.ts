import { collectionNames } from '../../shared/collections/registry.ts';
import type { Output } from '../../shared/ipc/contract.ts';
import type { ConversationRow, SearchHit, ThreadMessage, VaultStatus } from '../../shared/ipc/models.ts';

/** Conversations and messages by number, always the same, for looking at the page and for its tests. */

const subjects = [
  'Bread with a cold proof overnight',
  'Reading list on tidal power',
  'Why does my bicycle chain skip under load?',
  'Letter to the landlord about the damp wall',
  'Rust lifetimes, explained with a library desk',
  'Itinerary for four days in Ljubljana',
  'Names for a grey cat',
  'SQL: sessions that overlap, without a self-join that explodes',
  'Meeting notes, spring planning',
  '中世の写本に使われたインクについて',
  'Untangling a flaky test in the import worker, with logs, and what to try next when it only fails on Mondays',
  'Spanish subjunctive drills',
];
const tagPool = ['kitchen', 'work', 'travel', 'code', 'reading', 'home'];
const providers = ['chatgpt', 'claude', null];
const minuteMs = 60_000;

export function localDay(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The n-th newest conversation: a few on each day, closer together at first. */
export function fixtureRow(n: number, now: Date): ConversationRow {
  const date = new Date(now.getTime() - (n * 97 + (n > 12 ? n * 60 : 0)) * minuteMs);
  const subject = subjects[n % subjects.length] ?? '';
  return {
    id: `c${String(n).padStart(6, '0')}`,
    title: n % 23 === 7 ? '' : n < subjects.length ? subject : `${subject} (${n})`,
    created_at: new Date(date.getTime() - 40 * minuteMs).toISOString(),
    updated_at: date.toISOString(),
    day: localDay(date),
    pinned: n === 3 || n === 17,
    archived: n % 19 === 18,
    tags: tagPool.filter((_, index) => (n * 7 + index * 3) % 11 === 0),
    provider: providers[n % providers.length] ?? null,
  };
}

const questions = [
  'How long can the dough stay in the fridge before it turns sour?',
  'Could you show it as a table, and then the shortest command that does it?',
  'That is clearer. What would you try first?',
];
const answers = [
  'Between **twelve and forty-eight hours**. Past that the acids win over the yeast:\n\n- up to 24 h: mild, easy to shape\n- up to 48 h: tangy, a little slack\n- beyond: flat, and it tears\n\nKeep it at 4 °C and cover it well.',
  '| Hours | Taste | Handling |\n| ---: | --- | --- |\n| 12 | mild | firm |\n| 36 | tangy | soft |\n\n```sh\nwatch -n 3600 date\n```',
  'Start with the *smallest* change: one loaf at eighteen hours, everything else as before. Then you know what the time alone does.',
];

export function fixtureMessage(conversation: ConversationRow, n: number): ThreadMessage {
  const ofUser = n % 2 === 0;
  const texts = ofUser ? questions : answers;
  return {
    id: `${conversation.id}-m${n}`,
    role: ofUser ? 'user' : 'assistant',
    content: texts[Math.floor(n / 2) % texts.length] ?? '',
    created_at: new Date(Date.parse(conversation.created_at) + n * minuteMs).toISOString(),
    author_name: null,
    model: ofUser ? null : 'a-model',
    citations: [],
    siblings: [`${conversation.id}-m${n}`],
  };
}

export function fixtureStatus(conversations: number): VaultStatus {
  const total = conversations * 7;
  return {
    vault: '/home/ada/Documents/Almanac',
    format: 1,
    collections: {
      ...Object.fromEntries(collectionNames.map((name) => [name, { count: 0 }])),
      conversations: { count: conversations },
      messages: { count: conversations * 6 },
    },
    search: { indexed: total, total, state: 'ready', engine: 'fts5' },
    owner: { pid: 4211, host: 'desk', since: '2026-11-20T08:02:00.000Z' },
    mode: 'local',
    quarantined: 0,
    read_only: false,
    trouble: null,
  };
}

/** Finds rows whose title holds every word, each hit also pretending to be a message in it. */
export function fixtureSearch(
  rows: readonly ConversationRow[],
  text: string,
  limit: number,
  coverage: VaultStatus['search'],
): Output<'search.query'> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const hits: SearchHit[] = [];
  for (const row of rows) {
    if (hits.length >= limit) break;
    if (words.length === 0 || !words.every((word) => row.title.toLowerCase().includes(word))) continue;
    const snippet = `… and then about “${row.title}”, which took longer than anyone at the table had thought likely …`;
    hits.push({
      collection: 'messages',
      id: `${row.id}-m2`,
      conversation_id: row.id,
      title: row.title,
      snippet,
      ranges: words.map((word) => placeOf(snippet, word)),
      score: 1,
      created_at: row.created_at,
    });
  }
  return { hits, coverage, took_ms: 3.4 };
}

function placeOf(text: string, word: string): [number, number] {
  const start = text.toLowerCase().indexOf(word);
  return [start, start + word.length];
}
