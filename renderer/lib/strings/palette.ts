export const palette = {
  label: 'Command palette',
  placeholder: 'Type a command, or words to find',
  nothing: 'No command and no conversation matches.',
  groups: { actions: 'Actions', go: 'Go to', theme: 'Theme', found: 'Conversations' },
  actions: {
    create: 'New conversation',
    import: 'Import…',
    rebuild: 'Rebuild the search index',
    reveal: 'Show the vault folder',
    shortcuts: 'Keyboard shortcuts',
    search: 'Search in everything',
  },
  theme: { system: 'Follow the system', light: 'Light', dark: 'Dark' },
} as const;
