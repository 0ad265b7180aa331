/** A word in a title counts as much as so many in a text. */
export const titleWeight = 8;
export const bodyWeight = 1;

/** FTS5's own parameters (`bm25()` in its documentation), so that both engines agree. */
const k1 = 1.2;
const b = 0.75;

/** Of equal relevance, a record of today counts so much more than a very old one. */
const recencyShare = 0.2;
const recencyHalfLifeMs = 180 * 24 * 60 * 60 * 1000;
const demotedFactor = 0.4;

/**
 * Records whose relevance is worked out: so many of those indexed first and as many of those indexed last. A new index
 * takes the newest records first, and what changes later comes at its end: the newest are at both. A word that stands in
 * most records would otherwise take its time for each of them, and tells nothing about which is meant.
 */
export const mostRankedOfEnd = 1000;
/** Of these, the best are ordered with recency taken into account. */
export const mostReordered = 300;

/** The final score: relevance (higher is better), a mild preference for the new, hidden records below. */
export function scoreOf(relevance: number, createdMs: number, demoted: boolean, nowMs: number): number {
  const age = Math.max(0, nowMs - createdMs);
  const recency = 0.5 ** (age / recencyHalfLifeMs);
  return relevance * (1 - recencyShare + recencyShare * recency) * (demoted ? demotedFactor : 1);
}

/** What bm25 needs to know about all records searched. */
export interface CorpusFacts {
  readonly records: number;
  /** Mean of tokens per record, titles included. */
  readonly meanTokens: number;
  /** For each phrase: records in which it stands. */
  readonly recordsWith: readonly number[];
}

/** For each phrase of the query: how often it stands in the record, occurrences in the title counted by weight. */
export function bm25(facts: CorpusFacts, weightedCounts: readonly number[], tokens: number): number {
  let score = 0;
  weightedCounts.forEach((count, phrase) => {
    const found = facts.recordsWith[phrase] ?? 0;
    const idf = Math.log((facts.records - found + 0.5) / (found + 0.5));
    const weight = idf <= 0 ? 1e-6 : idf;
    score += weight * ((count * (k1 + 1)) / (count + k1 * (1 - b + (b * tokens) / facts.meanTokens)));
  });
  return score;
}
