/** Turns what a person says of themselves into what is said of them: *I live in Oslo* → *Lives in Oslo*. */

const IRREGULAR: Readonly<Record<string, string>> = { have: 'has', do: 'does', go: 'goes', am: 'is', "can't": "can't" };

/** The verb as it is used of one other person; of `wake up` the first word. */
export function thirdPerson(verb: string): string {
  // `batch cook`: its second word is the verb.
  if (/^batch /i.test(verb)) return `batch ${thirdPerson(verb.slice(6))}`;
  const [first = '', ...rest] = verb.split(' ');
  const lower = first.toLowerCase();
  const formed =
    IRREGULAR[lower] ??
    (/(?:s|x|z|ch|sh)$/.test(lower)
      ? `${lower}es`
      : /[^aeiou]y$/.test(lower)
        ? `${lower.slice(0, -1)}ies`
        : `${lower}s`);
  return [formed, ...rest].join(' ');
}

const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/\bI['’]m\b/g, 'they are'],
  [/\bI am\b/g, 'they are'],
  [/\bI['’]ve\b/g, 'they have'],
  [/\bI\b/g, 'they'],
  [/\bmyself\b/gi, 'themselves'],
  [/\bmy\b/gi, 'their'],
  [/\bmine\b/gi, 'theirs'],
];

export function ofThem(text: string): string {
  return OTHERS.reduce((result, [pattern, word]) => result.replace(pattern, word), text);
}

/** First letter large, no blank and no full stop at the end. */
export function asStatement(text: string): string {
  const trimmed = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[\s.,;:!…]+$/u, '');
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}

/** Where a further thought begins, what was said is over. */
const NEXT_THOUGHT =
  /(?:,|;| -| –| —)\s*(?:so|but|and (?:I|we|it|that|this)|because|which|please|can|could|would|what|how|haha|lol|if|when|then|though|although|right now|by the way|you)\b.*$|\s(?:because|so that|but|although|though|if)\s.*$|\s+\(.*$/iu;

export function firstThought(text: string): string {
  return text.replace(NEXT_THOUGHT, '');
}
