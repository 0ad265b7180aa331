/** Messages in one answer. */
export const pageSize = 40;
/** How far ahead of what is drawn messages are fetched: about three screens. */
const ahead = 20;
/** Pages kept up to date at a time; what was seen of others stays as it was until it is shown again. */
const mostPages = 8;

interface Window {
  readonly offset: number;
  readonly total: number;
  readonly messages: readonly unknown[];
}

/**
 * Adds the pages that a drawn range needs to those already wanted, the newest last; the very same array where nothing
 * is added. A page is not dropped the moment it leaves the range: drawing moves the range a little, and fetching
 * redraws, so that the two could otherwise drive each other for ever.
 *
 * @returns page numbers, page n being the messages [n × pageSize, (n + 1) × pageSize)
 */
export function wantPages(wanted: readonly number[], first: number, last: number): readonly number[] {
  const added: number[] = [];
  for (let page = pageOf(Math.max(0, first - ahead)); page <= pageOf(last + ahead); page += 1) {
    if (!wanted.includes(page)) added.push(page);
  }
  return added.length === 0 ? wanted : [...wanted, ...added].slice(-mostPages);
}

/** Of the wanted pages those to ask for: they exist, and the first answer did not bring them whole. */
export function missingPages(wanted: readonly number[], window: Window): readonly number[] {
  const end = window.offset + window.messages.length;
  return wanted.filter((page) => {
    const from = page * pageSize;
    const to = Math.min(from + pageSize, window.total);
    return from < window.total && (from < window.offset || to > end);
  });
}

export function pageOf(index: number): number {
  return Math.floor(index / pageSize);
}
