import type { MemoryType } from '../../../shared/collections/memories.ts';

/** A way in which people say something about themselves. Patterns see the sentence without its lead-in and its end. */
export interface StatementRule {
  readonly name: string;
  readonly type: MemoryType;
  readonly confidence: number;
  readonly pattern: RegExp;
  /** The memory's text, from the pattern's groups; null where it turns out to be none. */
  readonly text: (groups: readonly string[]) => string | null;
}

/** Patterns take both cases; names have to begin with a capital letter. */
export const isName = (text: string): boolean => /^\p{Lu}/u.test(text);

const re = (source: string): RegExp => new RegExp(`^${source}`, 'iu');
export const fact = (name: string, source: string, text: StatementRule['text'], confidence = 0.85): StatementRule => ({
  name,
  type: 'USER_FACT',
  confidence,
  pattern: re(source),
  text,
});
export const pattern = (
  name: string,
  source: string,
  text: StatementRule['text'],
  confidence = 0.8,
): StatementRule => ({
  name,
  type: 'USER_PATTERN',
  confidence,
  pattern: re(source),
  text,
});
export const narrative = (name: string, source: string, text: StatementRule['text']): StatementRule => ({
  name,
  type: 'SHARED_NARRATIVE',
  confidence: 0.7,
  pattern: re(source),
  text,
});
