export const shortcuts = {
  title: 'Keyboard shortcuts',
  open: 'Keyboard shortcuts',
  groups: {
    everywhere: 'Everywhere',
    list: 'In the list',
    conversation: 'In a conversation',
    search: 'In the search results',
  },
  everywhere: {
    palette: 'Command palette',
    search: 'Search',
    create: 'New conversation',
    help: 'Show these shortcuts',
    back: 'Clear or close what is open',
  },
  list: {
    move: 'Move up and down',
    ends: 'First and last',
    open: 'Open',
    rename: 'Rename',
    pin: 'Pin or unpin',
    archive: 'Archive, or move out of it',
    tags: 'Edit tags',
    remove: 'Delete (with undo)',
    select: 'Select several',
    menu: 'Menu of actions',
  },
  conversation: {
    questions: 'Next and previous question',
    versions: 'Previous and next version of a message',
    remember: 'Remember what is selected, or the message',
    send: 'Add what is written',
  },
  results: {
    move: 'Move through the results',
    open: 'Open at the message found',
  },
} as const;
