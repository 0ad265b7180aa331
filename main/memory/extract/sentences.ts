/** A sentence of a message, and where it stands in its text: [start, end) in UTF-16 code units. */
export interface Sentence {
  readonly text: string;
  readonly range: readonly [number, number];
}

/** An abbreviation's full stop ends no sentence. */
const NO_END = /(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|etc|e\.g|i\.e|approx|No)|\b\p{Lu})\.$/u;

/** The sentences of a text that a person wrote. Code blocks, indented code and quoted lines are left out. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let isCode = false;
  let offset = 0;
  for (const line of text.split('\n')) {
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
    else if (!isCode && !/^(?:\s*>| {4}|\t)/.test(line)) sentences.push(...sentencesOfLine(line, offset));
    offset += line.length + 1;
  }
  return sentences;
}

function sentencesOfLine(line: string, offset: number): Sentence[] {
  const found: Sentence[] = [];
  let start = 0;
  const take = (end: number): void => {
    const raw = line.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    const trimmed = raw.trim();
    if (trimmed !== '') {
      const from = offset + start + lead;
      found.push({ text: trimmed, range: [from, from + trimmed.length] });
    }
    start = end;
  };
  for (const match of line.matchAll(/[.!?…]+["'”’)]*(?=\s|$)/gu)) {
    const end = match.index + match[0].length;
    if (!NO_END.test(line.slice(start, end))) take(end);
  }
  take(line.length);
  return found;
}
