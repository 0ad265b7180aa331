import type { DoctorReport, Finding, TrashBatch } from '../../../shared/ipc/upkeep.ts';
import { formatBytes, formatCount, formatNumber } from '../format.ts';

const files = (count: number): string => formatCount(count, 'file', 'files');
const records = (count: number): string => formatCount(count, 'record', 'records');

export const doctor = {
  heading: 'Doctor',
  check: {
    heading: 'Check the vault',
    hint: 'Reads every file and compares it with the log, the index and its own checksum. Nothing is changed.',
    start: 'Check now',
    again: 'Check again',
    checking: 'Checking the vault',
    repairing: 'Checking and repairing the vault',
    soFar: (count: number): string => (count === 0 ? '' : `${formatCount(count, 'finding', 'findings')} so far`),
    failed: 'The vault could not be checked',
    well: 'Nothing is wrong.',
    wrong: (open: number): string => `${formatCount(open, 'thing is', 'things are')} wrong.`,
    repaired: (count: number): string =>
      count === 0 ? '' : ` ${formatCount(count, 'thing was', 'things were')} repaired.`,
    checked: ({ checked, duration_ms }: DoctorReport): string =>
      `${files(checked.files)} with ${records(checked.records)}, ${formatBytes(checked.bytes)}, in ${duration(duration_ms)}.`,
    repair: 'Repair',
    repairHint: 'A copy of everything that a repair changes is kept: in the quarantine, or for 30 days in the trash.',
    findings: 'What was found',
    more: (count: number): string => `and ${formatNumber(count)} more`,
    theVault: 'The vault',
    severities: { error: 'Wrong', warning: 'Look at', note: 'Note' } satisfies Record<Finding['severity'], string>,
    done: 'Repaired',
  },
  quarantine: {
    heading: 'Set aside',
    hint: 'What could not be read, byte for byte as it was.',
    failed: 'The quarantine could not be read',
    empty: 'Nothing is set aside: every file could be read.',
    list: 'Files set aside',
    size: formatBytes,
    restore: 'Restore',
    restoreLabel: (origin: string): string => `Restore ${origin}`,
    export: 'Export',
    exportLabel: (origin: string): string => `Export ${origin}`,
    discard: 'Discard',
    discardLabel: (origin: string): string => `Move ${origin} to the trash`,
    unreadable: 'It cannot be read yet: export it, correct it, and put it back where it stood.',
    restored: (count: number): string => `${records(count)} restored.`,
    discarded: 'Moved to the trash, where it stays for 30 days.',
  },
  trash: {
    heading: 'Trash',
    hint: 'What was deleted stays here for 30 days.',
    failed: 'The trash could not be read',
    empty: 'The trash is empty.',
    list: 'Deletions, newest first',
    reasons: {
      deleted: 'Deleted',
      retention: 'Too old by the rules of its collection',
      adopted: 'Originals of files taken over from other programs',
      quarantine: 'Discarded from what was set aside',
      repair: 'Kept by a repair',
    } satisfies Record<TrashBatch['reason'], string>,
    counted: (name: string, count: number): string => `${formatNumber(count)} ${collectionWords[name] ?? name}`,
    expires: (when: string): string => `until ${when}`,
    restore: 'Restore',
    restoreLabel: (what: string): string => `Restore ${what}`,
    restored: (count: number): string =>
      count === 0 ? 'Everything in it is back already.' : `${records(count)} restored.`,
  },
} as const;

const collectionWords: Readonly<Record<string, string>> = {
  conversations: 'conversations',
  messages: 'messages',
  memories: 'memories',
  imports: 'import receipts',
  quarantine: 'files',
  indexes: 'indexes',
  leftovers: 'leftovers',
};

function duration(ms: number): string {
  return ms < 1000 ? 'less than a second' : formatCount(Math.round(ms / 1000), 'second', 'seconds');
}
