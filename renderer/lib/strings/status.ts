import { formatCount, formatNumber } from '../format.ts';

/** The chip that is always visible, and what it explains when opened. */
export const status = {
  label: 'Status of the vault',
  localOnly: 'Local only',
  localOnlyMeaning:
    'Everything is in files in your vault folder, on this computer. Nothing is sent anywhere, and everything works without a network.',
  offlineSince: (when: string): string => `Offline, since ${when}`,
  waiting: (count: number): string => `${formatNumber(count)} waiting`,
  conflicts: (count: number): string => formatCount(count, 'conflict', 'conflicts'),
  syncedVerified: (when: string): string => `Synced, verified ${when}`,
  indexing: (indexed: number, total: number): string => `Indexing ${formatNumber(indexed)} of ${formatNumber(total)}`,
  indexingMeaning: 'Search finds what is indexed so far. Everything else works as always.',
  indexed: (total: number): string => `Search covers everything: ${formatNumber(total)} records.`,
  search: 'Search',
  quarantine: 'Set aside',
  searchFailed: 'Search is not available',
  searchFailedMeaning: 'The search index could not be built. Your files are not touched. Rebuild it in the settings.',
  scan: 'Reduced search',
  scanMeaning:
    'This runtime has no search engine in it, so searches read through the records: slower, and words must match as typed.',
  readOnly: 'Read only',
  readOnlyMeaning: (owner: string): string => `The vault can be read but not changed here: ${owner}.`,
  ownedBy: (pid: number, host: string, since: string): string =>
    `process ${pid} on ${host} has had it open since ${since}`,
  ownerUnknown: 'its folder does not let this program write',
  unreachable: 'Not connected',
  unreachableMeaning: 'The page cannot reach Almanac. Look whether the program is still running.',
  quarantined: (count: number): string =>
    count === 1
      ? 'One damaged file was set aside, with a copy kept. Everything else is open.'
      : `${formatNumber(count)} damaged files were set aside, with copies kept. Everything else is open.`,
  connecting: 'Opening…',
} as const;
