import { randomText } from './random-text.ts';

/** A conversation with six messages of about 300 characters: 2.5 KB as JSON. */
export interface BenchDocument {
  readonly id: string;
  readonly title: string;
  readonly kind: 'chat';
  readonly user_id: string;
  readonly workspace: string;
  readonly provider: string;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
  readonly messages: readonly BenchMessage[];
}
export interface BenchMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly created_at: string;
}

const FIRST_DAY = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;
const DAYS = 365;
/** One in a hundred documents has each of them. */
const GROUPS = 100;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Scatters numbers, so that neighbours in time are not neighbours in any group. */
function scattered(at: number): number {
  return Math.imul(at + 1, 0x9e3779b1) >>> 0;
}

/** The same id for the same number in every run: UUID-shaped, and in the order of the numbers. */
export function idOf(at: number): string {
  return `${hex(at, 8)}-0000-7000-8000-${hex(scattered(at), 12)}`;
}

const text = randomText(7);
/** Texts are chosen from a fixed stock: making each anew would cost more than writing it. */
const stock = Array.from({ length: 997 }, () => text.words(60).slice(0, 300));

export const aMessage = (at: number, createdAt: string): BenchMessage => ({
  role: at % 2 === 0 ? 'user' : 'assistant',
  content: stock[scattered(at) % stock.length] ?? '',
  created_at: createdAt,
});

/**
 * Document number `at` of a store that begins with `size` of them, spread over 365 days; those after `size` are what
 * is inserted later, all on the last thirty days.
 */
export function documentOf(at: number, size: number): BenchDocument {
  const day = at < size ? Math.floor((at / size) * DAYS) : DAYS - 1 - (at % 30);
  const createdAt = new Date(FIRST_DAY + day * DAY_MS + (scattered(at) % DAY_MS)).toISOString();
  return {
    id: idOf(at),
    title: stock[scattered(at) % stock.length]?.slice(0, 40) ?? '',
    kind: 'chat',
    user_id: groupOf(at, 'user'),
    workspace: groupOf(at, 'workspace'),
    provider: `provider-${at % 5}`,
    tags: [`topic-${at % 7}`],
    created_at: createdAt,
    updated_at: createdAt,
    messages: Array.from({ length: 6 }, (_, message) => aMessage(at * 6 + message, createdAt)),
  };
}

export const groupOf = (at: number, name: string): string => `${name}-${scattered(at) % GROUPS}`;
