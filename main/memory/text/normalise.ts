/** Words that say nothing about what a memory is about. */
const FILLERS = new Set(
  'a an the is are am was were be been to of in on at and or that this it its i my me he she they his her their you your we our with for'.split(
    ' ',
  ),
);

/**
 * Text as it is compared: lower case without accents, punctuation and repeated blanks; `don't` and `do not` are one.
 * Two texts with the same outcome say the same.
 */
export function normalised(text: string): string {
  return withoutMarks(text)
    .toLowerCase()
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/\b(can)'?t\b|\bcannot\b/g, 'can not')
    .replaceAll(/n't\b/g, ' not')
    .replaceAll(/'(s|re|m|ve|d|ll)\b/g, '')
    .replaceAll(/[^\p{L}\p{N}+#]+/gu, ' ')
    .trim();
}

function withoutMarks(text: string): string {
  // Most texts have none, and looking is ten times as fast as decomposing.
  return /^[\x20-\x7e]*$/.test(text) ? text : text.normalize('NFKD').replaceAll(/\p{M}+/gu, '');
}

/** Words of a normalised text in order, as they are compared. */
export function wordsOf(plain: string): string[] {
  return plain === '' ? [] : plain.split(' ');
}

/** Words that carry the meaning, cut to their stem in the roughest way: enough to bring `prefers` and `prefer` together. */
export function keywords(text: string): string[] {
  return keywordsOf(wordsOf(normalised(text)));
}

/** As `keywords`, of words. */
export function keywordsOf(words: readonly string[]): string[] {
  return words.filter((word) => !FILLERS.has(word)).map(stem);
}

export function stem(word: string): string {
  if (word.length <= 3 || !/^[a-z]+$/.test(word)) return word;
  const cut = word
    .replace(/(?:ies)$/, 'y')
    .replace(/(sses)$/, 'ss')
    .replace(/([^s])s$/, '$1')
    .replace(/(ing|ed)$/, '');
  return (cut.length >= 3 ? cut : word).replace(/e$/, '');
}
