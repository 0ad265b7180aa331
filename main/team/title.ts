const named = ['title', 'text', 'name', 'query', 'item_key', 'subject', 'content'] as const;
const LONGEST = 80;

/** A few words by which a person knows a record: its title, else the beginning of its text, else its id. */
export function titleOf(record: Readonly<Record<string, unknown>> | null): string {
  for (const field of named) {
    const value = record?.[field];
    if (typeof value !== 'string') continue;
    const text = value.replaceAll(/\s+/g, ' ').trim();
    if (text !== '') return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  }
  return typeof record?.['id'] === 'string' ? record['id'] : '';
}
