/** Text with the statistics of language: a few words make up most of it, thousands are rare. The same in every run. */
export interface RandomText {
  words(count: number): string;
  /** In about two texts of three, the first more often. */
  readonly common: readonly [string, string];
  /** In a handful of texts. */
  readonly rare: string;
}

const syllables = [
  'ka',
  'lo',
  'mi',
  'ter',
  'san',
  'vo',
  're',
  'pin',
  'du',
  'gar',
  'el',
  'ni',
  'tho',
  'ba',
  'qui',
  'ser',
];
const vocabulary = 20_000;

/** Words are distinct: each is its number written in syllables. */
function word(number: number): string {
  let text = '';
  for (let rest = number + 16; rest > 0; rest = Math.floor(rest / 16)) text += syllables[rest % 16] ?? '';
  return text;
}

export function randomText(seed: number): RandomText {
  const all = Array.from({ length: vocabulary }, (_, number) => word(number));
  let state = seed;
  // Lehmer's generator.
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  // Rank ∝ e^(u·ln n): the density of rank r falls as 1/r, which is Zipf's law.
  const pick = (): string => all[Math.floor(vocabulary ** random()) - 1] ?? '';
  return {
    words: (count) => Array.from({ length: count }, (_, at) => (at % 12 === 11 ? `${pick()}.` : pick())).join(' '),
    common: [word(0), word(1)],
    rare: word(vocabulary - 2),
  };
}
