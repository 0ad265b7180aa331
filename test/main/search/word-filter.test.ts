import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findPhrases } from '../../../main/search/phrase-finder.ts';
import { parseQuery } from '../../../main/search/query.ts';
import { tokensOf } from '../../../main/search/tokens.ts';
import { OtherWords, wordFilter } from '../../../main/search/word-filter.ts';

const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The ways in which programs write the same text. */
const writers: Readonly<Record<string, (text: string) => string>> = {
  plainly: (text) => JSON.stringify({ text }),
  'in ASCII': (text) => JSON.stringify({ text }).replace(/[\x80-\uffff]/g, escape),
  'all escaped': (text) => `{"text":"${text.replace(/[^]/g, escape)}"}`,
};

function mayHold(json: string, text: string, asked: string): boolean {
  const bytes = Buffer.from(json).toString('latin1');
  const words = new OtherWords(bytes);
  words.add(text);
  expect(words.tokens).toBe(tokensOf(text).length);
  return wordFilter(phrasesOf(asked))(bytes, words.text);
}

function phrasesOf(text: string) {
  const query = parseQuery(text);
  return query.kind === 'words' ? query.phrases : [];
}

const piece = fc.oneof(
  fc.constantFrom(
    'foo',
    'Foo',
    'bar',
    'C++',
    '+',
    '_',
    ' ',
    '\n',
    '"',
    '\\',
    'é',
    'e',
    'ß',
    'ss',
    'ﬁ',
    'fi',
    '日',
    '本',
  ),
  fc.constantFrom('ไทย', '👍🏽', '⑴', '1', '™', 'TM', 'K', 'k', 'İ', 'i', 'ſ', '—', 'x'.repeat(60)),
  fc.string({ unit: 'binary', maxLength: 3 }).map((text) => text.toWellFormed()),
);
const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

test.each(Object.entries(writers))('no file that holds a phrase is passed over, written %s', (_, write) => {
  fc.assert(
    fc.property(texts, fc.array(piece, { maxLength: 3 }), fc.nat(), (text, asked, from) => {
      // A piece of the text is found in it, mostly; other pieces now and then.
      for (const query of [asked.join(''), text.slice(from % (text.length + 1)).slice(0, 5)]) {
        const isThere = findPhrases(text, phrasesOf(query), { limit: 1 }).length > 0;
        if (isThere) expect(mayHold(write(text), text, query)).toBe(true);
      }
    }),
    { numRuns: 1500 },
  );
});

test('a file without the words is passed over, whatever else it is written in', () => {
  const text = 'Größenwahn 👍 in 東京: “quoted” — naïve™';
  const held = (asked: string): boolean => mayHold(JSON.stringify({ text }), text, asked);
  expect(['zebra', 'größe x', 'quoted zebra', '大阪', 'naives'].filter(held)).toEqual(['größe x', 'quoted zebra']);
  expect(['grossen', 'NAIVE', 'quot', '東京', 'tm'].every(held)).toBe(true);
});

test('a file with a great many words in other letters is always read', () => {
  const text = Array.from({ length: 3000 }, (_, at) => `я${at}`).join(' ');
  expect(mayHold(JSON.stringify({ text }), text, 'zebra')).toBe(true);
});
