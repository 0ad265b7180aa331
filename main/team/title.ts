import { Content, textOfContent } from '../../shared/collections/content.ts';

const named = ['title', 'text', 'name', 'query', 'item_key', 'subject', 'content'] as const;
const LONGEST = 80;

/** A few words by which a person knows a record: its title, else the beginning of its text, else its id. */
export function titleOf(record: Readonly<Record<string, unknown>> | null): string {
  for (const field of named) {
    const value = record?.[field];
    const said = Array.isArray(value) ? partsText(value) : value;
    if (typeof said !== 'string') continue;
    const text = said.replaceAll(/\s+/g, ' ').trim();
    if (text !== '') return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  }
  return typeof record?.['id'] === 'string' ? record['id'] : '';
}

/** Of a message that an import brought in parts. */
function partsText(value: unknown): string | undefined {
  const content = Content.safeParse(value);
  return content.success ? textOfContent(content.data) : undefined;
}
