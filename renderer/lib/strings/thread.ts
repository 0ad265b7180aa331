import { formatCount, formatNumber } from '../format.ts';

export const thread = {
  failed: 'The conversation could not be read',
  loading: 'Loading the conversation…',
  messagesLabel: (title: string): string => `Messages of ${title}`,
  waiting: 'Loading this message…',
  empty: {
    title: 'Nothing is written here yet',
    hint: 'Write the first message below.',
  },
  header: {
    rename: 'Rename',
    pin: 'Pin',
    unpin: 'Unpin',
    archive: 'Archive',
    unarchive: 'Move out of the archive',
    export: 'Export this conversation',
    exportMarkdown: 'As Markdown, the branch shown',
    exportJson: 'As JSON, everything',
    tags: 'Edit tags',
    remove: 'Delete',
    messages: (count: number): string => formatCount(count, 'message', 'messages'),
    hidden: (count: number): string => `${formatNumber(count)} not shown`,
    hiddenHint: (count: number): string =>
      `${formatCount(count, 'message', 'messages')} that the other program hid, or that only instruct the assistant. They are kept, found by search and part of the JSON export.`,
    created: (date: string): string => `Begun ${date}`,
    updated: (date: string): string => `Last written ${date}`,
  },
  roles: { user: 'You', assistant: 'Assistant', system: 'Instruction', tool: 'Tool' },
  copyMessage: 'Copy this message',
  parts: {
    thinking: 'Thought',
    toolCall: (tool: string): string => `Called ${tool}`,
    toolResult: (tool: string | null): string => (tool === null ? 'Tool result' : `Result of ${tool}`),
    unknown: 'A part that Almanac does not know',
  },
  attachment: {
    missing: 'not in the export',
    text: 'Its text',
  },
  sources: {
    label: 'Sources',
    all: (count: number): string => `Show all ${formatNumber(count)} sources`,
  },
  branch: {
    label: 'Versions of this message',
    previous: 'Previous version',
    next: 'Next version',
    previousHint: 'Previous version (Alt+Left)',
    nextHint: 'Next version (Alt+Right)',
    place: (at: number, of: number): string => `${formatNumber(at)} / ${formatNumber(of)}`,
    announced: (at: number, of: number): string => `Version ${formatNumber(at)} of ${formatNumber(of)} is shown.`,
  },
  composer: {
    label: 'Write a message',
    placeholder: 'Write a message to keep…',
    send: 'Add',
    sendHint: (key: string): string => `${key}+Enter adds it`,
    note: 'Almanac keeps what you write; it does not answer.',
    readOnly: 'The vault is read only here: nothing can be added.',
  },
} as const;
