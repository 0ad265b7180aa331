export const welcome = {
  heading: 'A vault for what you and your assistants have said',
  paragraphs: [
    'Almanac keeps conversations as plain files in one folder on this computer. You can read them, search them, tag them and write new ones, with or without a network.',
    'Nothing leaves this computer. Remove Almanac one day, and the files stay as readable as they are now.',
  ],
  folder: 'Your files are in',
  import: 'Import an export',
  importHint:
    'From ChatGPT or Claude: the ZIP as you downloaded it. You see what it would bring before anything is written.',
  write: 'Start a conversation',
  writeHint: 'An empty one, for your own notes.',
  drop: 'You can also drop a file anywhere on this window.',
  skip: 'Look around first',
} as const;
