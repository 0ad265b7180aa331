import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPhrases, type PhraseMatch } from '../../../main/search/phrase-finder.ts';
import { parseQuery } from '../../../main/search/query.ts';
import { isPlain } from '../../../main/search/tokens.ts';

function phrasesOf(text: string) {
  const query = parseQuery(text);
  return query.kind === 'words' ? query.phrases : [];
}

const byPlace = (a: PhraseMatch, b: PhraseMatch): number => a.start - b.start || a.end - b.end || a.phrase - b.phrase;

const piece = fc.constantFrom('a', 'b', 'AB', 'ab1', 'c++', 'C#', 'c+', '+', '_', '.', ' ', '\n', '—', 'x'.repeat(60));
const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

test('plain text is looked through quickly with what looking at every word finds', () => {
  fc.assert(
    fc.property(texts, fc.array(piece, { maxLength: 4 }), (text, asked) => {
      const phrases = phrasesOf(asked.join(''));
      expect(isPlain(text)).toBe(true);
      const quick = findPhrases(text, phrases, { limit: Infinity });
      // One word that is not plain makes the whole text be read word by word.
      const whole = findPhrases(`${text} ж`, phrases, { limit: Infinity });
      expect(quick.toSorted(byPlace)).toEqual(whole.toSorted(byPlace));
    }),
    { numRuns: 2000 },
  );
});

test('no more matches are looked for than are wanted', () => {
  expect(findPhrases('a a a a', phrasesOf('a'), { limit: 2 })).toHaveLength(2);
});
