import { keywordsOf, normalised, wordsOf } from './text/normalise.ts';

/** Words of which questions are made: a memory that has them is not about what is asked. */
const QUESTIONS = new Set(
  'do does did what which who whom whose where when why how can could would should will shall please tell'.split(' '),
);

/**
 * What a query asks for, as memories are searched for it: by each keyword, the word as the query has it. Words of questions
 * count only where there are no others.
 */
export function askedWords(query: string): ReadonlyMap<string, string> {
  const words = wordsOf(normalised(query));
  const telling = byKeyword(words.filter((word) => !QUESTIONS.has(word)));
  return telling.size > 0 ? telling : byKeyword(words);
}

function byKeyword(words: readonly string[]): ReadonlyMap<string, string> {
  const asked = new Map<string, string>();
  for (const word of words) {
    for (const keyword of keywordsOf([word])) if (!asked.has(keyword)) asked.set(keyword, word);
  }
  return asked;
}
