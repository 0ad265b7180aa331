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
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/\b(can)'?t\b|\bcannot\b/g, 'can not')
    .replaceAll(/n't\b/g, ' not')
    .replaceAll(/'(s|re|m|ve|d|ll)\b/g, '')
    .replaceAll(/[^\p{L}\p{N}+#]+/gu, ' ')
    .trim();
}

/** Words in order, as they are compared. */
export function words(text: string): string[] {
  const plain = normalised(text);
  return plain === '' ? [] : plain.split(' ');
}

/** Words that carry the meaning, cut to their stem in the roughest way: enough to bring `prefers` and `prefer` together. */
export function keywords(text: string): string[] {
  return words(text)
    .filter((word) => !FILLERS.has(word))
    .map(stem);
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
