/** The banner over the window while the vault cannot do all it should: what happened, what is safe, what to do. */
export const trouble = {
  label: 'The vault is in trouble',
  since: (time: string): string => `since ${time}`,
  files_behind: {
    title: 'Everything is saved, but the record files are behind',
    safe: 'Your changes are kept in the vault’s log and are not lost. The files follow as soon as the disk lets them.',
    chip: 'Files behind',
  },
  refusing: {
    title: 'Nothing can be saved at the moment',
    safe: 'What was saved before is safe and can be read. What you are writing stays in its field until it is saved.',
    chip: 'Not saving',
  },
  gone: {
    title: 'The vault’s folder is not there',
    safe: 'Nothing was deleted: what was saved is in that folder. Until it is back nothing can be opened or saved.',
    chip: 'Folder missing',
  },
  lost: {
    title: 'Another program has taken over this vault',
    safe: 'Almanac no longer writes to it, so that nothing is overwritten. What was saved before is safe.',
    chip: 'Taken over',
  },
  /** What to do, by what stands in the way. */
  remedies: {
    full: 'Free some space on the disk; Almanac goes on by itself.',
    disk: 'Check that the vault’s folder may be written and that its disk is well; Almanac goes on by itself.',
    gone: 'Connect the disk or put the folder back; Almanac goes on by itself.',
    lost: 'Quit the other program, then start Almanac again.',
  },
} as const;
