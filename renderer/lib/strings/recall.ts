import { formatConfidence, formatCount, formatNumber } from '../format.ts';

export const recall = {
  hint: 'What an assistant is given about a subject: the memories that fit it, the surest and freshest first, as many as there is room for.',
  query: 'About',
  queryPlaceholder: 'A question, or some words',
  budget: 'Room, in tokens',
  audience: 'For',
  person: 'You',
  ask: 'Recall',
  failed: 'Nothing could be recalled',
  copy: 'Copy these as a list',
  list: 'Recalled memories, best first',
  none: 'No memory has any of these words.',
  noneGiven: 'None of the memories that have these words is given.',
  found: (count: number, tokens: number, budget: number): string =>
    `${formatCount(count, 'memory', 'memories')}, ${formatNumber(tokens)} of ${formatNumber(budget)} tokens.`,
  leftOut: (count: number): string => `No room for ${formatNumber(count)} more.`,
  withheld: (reason: string, count: number): string => `${formatNumber(count)} kept back: ${reason}.`,
  /** How the score comes about; each in [0, 1] but the first. */
  score: (relevance: number, confidence: number, recency: number, score: number): string =>
    `fits ${formatConfidence(relevance)} × believed ${formatConfidence(confidence)} × age ${formatConfidence(recency)} = ${formatConfidence(score)}`,
  has: (matched: readonly string[]): string => `has ${matched.join(', ')}`,
  tokens: (count: number): string => formatCount(count, 'token', 'tokens'),
} as const;
