import type { OutsideNotice } from '../../../shared/ipc/outside.ts';
import { formatCount } from '../format.ts';

const files = (count: number): string => formatCount(count, 'file', 'files');

/** What other programs did to the vault's files, and what is asked of the person. */
export const outside = {
  missing: {
    label: 'Files are missing',
    title: (count: number): string => `${files(count)} ${count === 1 ? 'is' : 'are'} missing from the vault’s folder`,
    hint: 'They vanished together, outside Almanac. Nothing is deleted before you say so; if they come back by themselves, all is well.',
    examples: (paths: readonly string[], more: number): string =>
      `${paths.join(', ')}${more > 0 ? `, and ${more} more` : ''}`,
    restore: 'Restore them',
    remove: 'Keep them deleted',
    restored: (count: number): string => `${files(count)} restored.`,
    lost: (count: number): string =>
      `Of ${files(count)} no copy was kept. Put them back from a backup, or keep them deleted.`,
    removed: (count: number): string => `${files(count)} moved to the trash, where they stay for 30 days.`,
  },
  notices: {
    heading: 'Changed by other programs',
    hint: 'What other programs did to the vault’s files since it was opened, and what Almanac made of it.',
    empty: 'No other program has changed the vault’s files since it was opened.',
    failed: 'This could not be read',
    list: 'Changes by other programs, newest first',
    more: (count: number): string => `and ${count} more`,
    kinds: {
      taken: 'Taken over',
      merged: 'Merged',
      'set-aside': 'Set aside',
      deleted: 'Deleted',
      restored: 'Restored',
      lost: 'Lost',
    } satisfies Record<OutsideNotice['kind'], string>,
    /** What it means for the person, beside the reason. */
    means: (kind: OutsideNotice['kind'], isRestorable: boolean): string => {
      if (kind === 'set-aside' && isRestorable) return 'The last good version is in its place.';
      if (kind === 'set-aside') return 'It stays as it is, and its copy is below.';
      if (kind === 'deleted') return isRestorable ? 'The trash has it for 30 days.' : 'No copy of it was kept.';
      return '';
    },
    aside: (count: number): string =>
      `${files(count)} could not be read and ${count === 1 ? 'was' : 'were'} set aside.`,
    see: 'The Doctor page shows why, and keeps what was in it.',
  },
} as const;
