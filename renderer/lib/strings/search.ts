import { formatCount, formatNumber } from '../format.ts';

export const search = {
  label: 'Search all conversations',
  placeholder: 'Search',
  clear: 'Clear the search',
  resultsLabel: 'Search results',
  count: (count: number, limited: boolean): string =>
    limited ? `First ${formatNumber(count)} results` : formatCount(count, 'result', 'results'),
  took: (ms: number): string => `${formatNumber(Math.max(1, Math.round(ms)))} ms`,
  building: (indexed: number, total: number): string =>
    `Indexed ${formatNumber(indexed)} of ${formatNumber(total)}: more may be found shortly.`,
  failedIndex: 'The search index could not be built; results may be missing. Rebuild it in the settings.',
  scan: 'Reduced search: this runtime has no search engine, so words must match as typed.',
  failed: 'The search did not work',
  searching: 'Searching…',
  empty: {
    title: (text: string): string => `Nothing found for “${text}”`,
    hints: [
      'Try fewer or shorter words: all of them must occur.',
      'Beginnings of words are enough: “alman” finds Almanac.',
    ],
  },
} as const;
