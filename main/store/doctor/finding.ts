import type { Finding, FindingCode } from '../../../shared/ipc/upkeep.ts';

interface Kind {
  readonly severity: Finding['severity'];
  readonly remedy: string;
}

const REPAIR = 'Run the doctor with repair';

/** How grave each finding is and what to do about it. The message, which says what was seen, comes from the check. */
const kinds: Readonly<Record<FindingCode, Kind>> = {
  'log-damaged': {
    severity: 'error',
    remedy: 'Copy the vault’s folder first. Then restore the last backup, or keep what can be read.',
  },
  'log-tail': { severity: 'note', remedy: 'Nothing: a write that was never acknowledged; the next opening clears it.' },
  'log-late': { severity: 'note', remedy: 'Nothing: opening the vault for writing brings the files up to date.' },
  'file-unreadable': { severity: 'error', remedy: 'Check the disk, then put the file back from a backup.' },
  'file-damaged': { severity: 'error', remedy: `${REPAIR}: the file is moved to the quarantine as it is.` },
  'file-misplaced': { severity: 'warning', remedy: `${REPAIR}: the file goes to its place, or to the quarantine.` },
  'file-foreign': { severity: 'warning', remedy: `${REPAIR}: what is valid becomes records, the rest is set aside.` },
  'line-damaged': { severity: 'error', remedy: `${REPAIR}: the lines are moved to the quarantine as they are.` },
  'line-torn': { severity: 'warning', remedy: `${REPAIR}: the unfinished line is moved to the quarantine.` },
  checksum: {
    severity: 'warning',
    remedy: `Look whether the change is one you made. ${REPAIR} to accept it; the former bytes go to the trash.`,
  },
  'layout-changed': { severity: 'note', remedy: 'Nothing: the record is the same, only its layout is not ours.' },
  schema: { severity: 'warning', remedy: 'Correct the field with an update.' },
  'second-file': { severity: 'error', remedy: `${REPAIR}: the second one is moved to the quarantine.` },
  'not-indexed': { severity: 'warning', remedy: `${REPAIR}: the index is built anew from the files.` },
  'index-stale': { severity: 'warning', remedy: `${REPAIR}: the index is built anew from the files.` },
  'index-damaged': { severity: 'warning', remedy: `${REPAIR}: the index is built anew from the files.` },
  'file-gone': {
    severity: 'error',
    remedy: `Look in the trash, or put the file back from a backup. ${REPAIR} to take it out of the index.`,
  },
  'unique-key': { severity: 'warning', remedy: 'Change the key of one of them, or delete one.' },
  'search-behind': { severity: 'note', remedy: 'Nothing: the search index follows by itself while Almanac is open.' },
  'search-failed': { severity: 'warning', remedy: `${REPAIR}: the search index is built anew from the files.` },
  'space-low': { severity: 'warning', remedy: 'Free some space on this disk. Writing stops when it is full.' },
  permissions: { severity: 'warning', remedy: `${REPAIR}: only you may read and write it then.` },
  'not-ours': { severity: 'note', remedy: 'Nothing: Almanac leaves it alone.' },
  leftover: { severity: 'note', remedy: `${REPAIR}: it is moved to the trash.` },
  'staging-left': { severity: 'note', remedy: 'Nothing: the next opening for writing removes it.' },
  'staging-unfinished': { severity: 'warning', remedy: 'Close Almanac and open it again: it finishes the import.' },
  'trash-old': {
    severity: 'note',
    remedy: `Nothing: it is removed within a day while Almanac runs. ${REPAIR} does it now.`,
  },
  quarantined: { severity: 'note', remedy: 'Restore it, export it, or discard it.' },
  'not-checked': {
    severity: 'note',
    remedy: 'Run the doctor in the Almanac that has the vault open, or quit that one.',
  },
};

/** @param path relative to the vault, with `/`; '' for the vault itself */
export function finding(code: FindingCode, path: string, message: string, remedy?: string): Finding {
  const kind = kinds[code];
  return { severity: kind.severity, code, path, message, remedy: remedy ?? kind.remedy, repaired: false };
}

export function isWrong({ severity }: Finding): boolean {
  return severity !== 'note';
}
