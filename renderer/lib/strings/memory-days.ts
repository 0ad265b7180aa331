import { formatCount, formatNumber } from '../format.ts';

export const memoryDays = {
  modes: {
    label: 'What the log shows',
    changes: 'Changes',
    days: 'As of a day',
    between: 'Between two days',
  },
  empty: 'Nothing has been changed yet.',
  failed: 'The log could not be read',
  day: 'Day',
  from: 'From the end of',
  to: 'To the end of',
  earlier: 'The day before on which something changed',
  later: 'The next day on which something changed',
  changed: (events: number): string => formatCount(events, 'change', 'changes'),
  utc: 'Days are UTC days.',
  asOf: {
    count: (count: number): string => `${formatCount(count, 'memory', 'memories')} at the end of this day`,
    search: 'Search in these',
    list: 'Memories at the end of this day',
    none: 'Nothing was remembered yet.',
    noMatch: 'None of these matches.',
    emptied: 'Forgotten since: its content is gone.',
    same: 'as it is now',
    differs: 'different now',
    gone: 'not there any more',
    restore: 'Restore',
    restoreTitle: (text: string): string => `Restore: ${text}`,
    restored: 'Restored as it was then.',
    others: (count: number): string => `and ${formatCount(count, 'other record', 'other records')}`,
  },
  between: {
    none: 'Nothing is different between these days.',
    count: (added: number, changed: number, removed: number): string =>
      `${formatNumber(added)} added, ${formatNumber(changed)} changed, ${formatNumber(removed)} gone`,
    list: 'What is different',
    kinds: { added: 'Added', removed: 'Gone', changed: 'Changed' },
    restore: 'Restore as it was',
  },
} as const;
