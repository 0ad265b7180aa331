import { partsOf } from '../../../../shared/collections/content.ts';
import type { ThreadMessage } from '../../../../shared/ipc/models.ts';

const mostSentences = 200;
const longestSentence = 300;
const code = /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)/g;
const lineStart = /^\s*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\d+[.)]\s+|#{1,6}\s+|(?:>\s*)+)+/;
const link = /!?\[([^\]]*)\]\([^)]*\)/g;
const marks = /\*\*|__|~~|`|(?<![\p{L}\p{N}])[*_]|[*_](?![\p{L}\p{N}])/gu;
/** After a full stop, and before what begins a sentence. */
const between = /(?<=[.!?…]["'”’)]?)\s+(?=["'“‘(]?[\p{Lu}\p{N}])/u;

/** What a person can choose to remember of a message, without the marks of Markdown. */
export function sentencesOf({ content }: Pick<ThreadMessage, 'content'>): readonly string[] {
  const said = partsOf(content).flatMap((part) => (part.type === 'text' ? part.text.replace(code, '\n') : []));
  const sentences: string[] = [];
  for (const line of said.join('\n').split('\n')) {
    for (const sentence of plain(line).split(between)) {
      if (sentences.length >= mostSentences) return sentences;
      if (/\p{L}.*\p{L}/u.test(sentence) && sentence.length <= longestSentence) sentences.push(sentence);
    }
  }
  return [...new Set(sentences)];
}

/** A line as it reads, without the marks of Markdown. */
export function plain(line: string): string {
  return line.replace(lineStart, '').replace(link, '$1').replace(marks, '').replace(/\s+/g, ' ').trim();
}
