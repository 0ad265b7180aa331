import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countTokens, tokensOf, tokenText, visitTokens } from '../../../main/search/tokens.ts';

test('words are folded: case, accents, ligatures, full width, sharp s, final sigma', () => {
  expect(tokensOf('Crème BRÛLÉE ﬁne ＦＵＬＬ straße ΣΊΣΥΦΟΣ İstanbul Łódź')).toEqual(
    ['creme', 'brulee', 'fine', 'full', 'strasse', 'σισυφοσ', 'istanbul', 'lodz'], // prettier-ignore
  );
});

test('scripts written without blanks give a token per character, vowel signs on theirs', () => {
  expect(tokensOf('日本語です x日y')).toEqual(['日', '本', '語', 'で', 'す', 'x', '日', 'y']);
  expect(tokensOf('한국어')).toEqual(['한', '국', '어']);
  expect(tokensOf('ｶﾞ')).toEqual(tokensOf('ガ'));
  expect(tokensOf('ที่')).toHaveLength(1);
});

test('vowel signs of scripts that need them are kept', () => {
  expect(tokensOf('की')).not.toEqual(tokensOf('का'));
});

test('an emoji is a token; its colour and its joiners are not', () => {
  expect(tokensOf('great👍🏽!')).toEqual(['great', '👍']);
  expect(tokensOf('👨‍👩‍👧')).toEqual(['👨', '👩', '👧']);
});

test('identifiers and addresses fall into their words, C++ and C# stay apart from C', () => {
  expect(tokensOf('foo_bar https://ex.com/a?b=1 C++ C# x+y')).toEqual(
    ['foo', 'bar', 'https', 'ex', 'com', 'a', 'b', '1', 'c', 'c++', 'c', 'c#', 'x', 'y'], // prettier-ignore
  );
});

test('places point at the original text', () => {
  const text = 'Ünïcode: 日本 straße C++';
  const pieces: string[] = [];
  visitTokens(text, (_token, start, end) => void pieces.push(text.slice(start, end)));
  expect(pieces).toEqual(['Ünïcode', '日', '本', 'straße', 'C', 'C++']);
});

/** All kinds of characters that meet in messages, and whatever else Unicode has. */
const anyText = fc.array(
  fc.oneof(
    fc.constantFrom('foo', 'C++', '#', '_', ' ', '\n', '\0', 'é', 'ß', '日本', 'ไทย', '👍🏽', '⑴', 'a'.repeat(60), "'"),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
  { maxLength: 20 },
).map((pieces) => pieces.join('')); // prettier-ignore

test('the database splits the prepared text into exactly our tokens', () => {
  const database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE VIRTUAL TABLE words USING fts5(body, content='', contentless_delete=1, tokenize="ascii tokenchars '+#'");
    CREATE VIRTUAL TABLE found USING fts5vocab(words, 'instance');
  `);
  const insert = database.prepare('INSERT INTO words (rowid, body) VALUES (1, ?)');
  const terms = database.prepare('SELECT term FROM found ORDER BY offset');
  fc.assert(
    fc.property(anyText, (text) => {
      database.exec(`INSERT INTO words (words) VALUES ('delete-all')`);
      insert.run(tokenText(text.toWellFormed()));
      expect(terms.all().map((row) => row['term'])).toEqual(tokensOf(text.toWellFormed()));
    }),
    { numRuns: 300 },
  );
  database.close();
});

test('folding a folded token changes nothing, so that a copied token is found', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const token of tokensOf(text)) expect(tokensOf(token).at(-1)).toBe(token);
    }),
    { numRuns: 300 },
  );
});

test('a letter that comes apart into a mark and a letter gives the letter', () => {
  expect(tokensOf('\u0e17\u0e33')).toEqual(['\u0e17', '\u0e32']);
  expect(tokensOf('\u0eb3')).toEqual(['\u0eb2']);
});

test('a vowel sign behind a letter of another script is no word', () => {
  expect(tokensOf('\u{10400}\u1056')).toEqual(['\u{10428}']);
});

test('tokens are counted as they would be made', () => {
  const piece = fc.constantFrom('a', 'Bc', '1', '+', '#', '++', ' ', '_', '—', 'é', 'x'.repeat(60));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      expect(countTokens(text)).toBe(tokensOf(text).length);
    }),
    { numRuns: 3000 },
  );
});
