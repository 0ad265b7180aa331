/** JSON by its name, and not the shadow file that macOS puts beside it. */
export function mayHoldJson(name: string): boolean {
  const parts = name.split('/');
  const last = parts.at(-1) ?? '';
  return /\.(json|jsonl|ndjson)$/i.test(last) && !last.startsWith('._') && !parts.includes('__MACOSX');
}

/** `conversations-2.json` before `conversations-10.json`; equal on every machine. */
export function inNaturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
const collator = new Intl.Collator('en', { numeric: true });
