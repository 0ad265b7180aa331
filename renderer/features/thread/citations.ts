import { safeUrl } from '../../components/markdown/safe-url.ts';

/** A source that a message names, as far as it can be told from what the other program wrote. */
export interface Citation {
  readonly title: string;
  /** An address that may be opened; absent where there is none. */
  readonly href?: string;
}

const titleFields = ['title', 'name', 'display_title', 'file_name', 'text', 'id'];
const addressFields = ['url', 'link', 'href', 'uri', 'source_url', 'source'];
/** Where programs nest what matters. */
const nestingFields = ['metadata', 'source', 'document', 'extra', 'invoked_metadata'];

/** Reads citations of any program: a title, an address, each named once. Ones that name neither are left out. */
export function readCitations(raw: readonly Record<string, unknown>[]): readonly Citation[] {
  const found = new Map<string, Citation>();
  for (const record of raw) {
    const citation = readCitation(record);
    if (citation) found.set(citation.href ?? citation.title, citation);
  }
  return [...found.values()];
}

function readCitation(record: Record<string, unknown>): Citation | undefined {
  const places = [record, ...nestingFields.map((field) => record[field]).filter(isRecord)];
  const title = firstText(places, titleFields);
  const address = firstText(places, addressFields);
  const href = safeUrl(address);
  if (href !== undefined) return { title: title ?? href, href };
  const named = title ?? address;
  return named === undefined ? undefined : { title: named };
}

function firstText(places: readonly Record<string, unknown>[], fields: readonly string[]): string | undefined {
  for (const place of places) {
    for (const field of fields) {
      const value = place[field];
      if (typeof value === 'string' && value.trim() !== '') return value.trim();
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
