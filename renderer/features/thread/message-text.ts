import { partsOf, type Part } from '../../../shared/collections/content.ts';
import type { ThreadMessage } from '../../../shared/ipc/models.ts';

/** A message as Markdown to paste elsewhere: what was said, without thinking and tool traffic. */
export function markdownOf(message: Pick<ThreadMessage, 'content'>): string {
  return partsOf(message.content).map(markdownOfPart).filter(Boolean).join('\n\n');
}

function markdownOfPart(part: Part): string {
  if (part.type === 'text') return part.text;
  return part.type === 'code' ? fenced(part.text, part.language ?? '') : '';
}

/** In a fence longer than any in the code. */
function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** The beginning of a text on one line, for a summary. */
export function firstWords(text: string, longest = 120): string {
  // Cut before the expensive part: a tool's output may have megabytes.
  const line = text
    .slice(0, longest * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest).trimEnd()}…` : line;
}

/** A value as a person reads it: text as it is, anything else as indented JSON. */
export function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, null, 2) ?? '';
}

/** What a tool was called with, on one line: `query: tides; limit: 3`. */
export function summaryOfInput(input: unknown): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return firstWords(readable(input ?? ''));
  const fields = Object.entries(input).map(([name, value]) => `${name}: ${firstWords(readable(value), 60)}`);
  return firstWords(fields.join('; '));
}
