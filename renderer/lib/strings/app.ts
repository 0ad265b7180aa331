/** The window around everything: navigation, status, shortcuts, words used everywhere. */
export const app = {
  name: 'Almanac',
  nav: {
    label: 'Sections',
    conversations: 'Conversations',
    archive: 'Archive',
    imports: 'Imports',
    doctor: 'Doctor',
    settings: 'Settings',
  },
  skipToContent: 'Skip to content',
  detail: 'Details',
  back: 'Back to the list',
  resizeList: 'Width of the list',
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  undo: 'Undo',
  loading: 'Loading…',
  errorTitle: 'This did not work',
  crashTitle: 'This part of the window stopped working',
  crashRemedy: 'Your files are not touched. Show it again; if it stops again, start Almanac anew.',
  crashRetry: 'Show it again',
  dropTitle: 'Drop to import',
  dropHint:
    'A ChatGPT or Claude export: the ZIP as downloaded, or a JSON file out of it. You see what it would bring first.',
} as const;
