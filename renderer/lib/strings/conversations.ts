import { formatCount, formatNumber } from '../format.ts';

const counted = (count: number): string => formatCount(count, 'conversation', 'conversations');

export const conversations = {
  heading: 'Conversations',
  archiveHeading: 'Archive',
  listLabel: 'List of conversations',
  untitled: 'Untitled',
  create: 'New conversation',
  count: counted,
  /** Programs that conversations come from, by the name that imports give them. */
  providers: {
    chatgpt: 'ChatGPT',
    claude: 'Claude',
    openai: 'OpenAI',
    anthropic: 'Anthropic',
    'memory-document': 'Memory file',
  } as Readonly<Record<string, string>>,
  pinnedGroup: 'Pinned',
  today: 'Today',
  yesterday: 'Yesterday',
  pinned: 'Pinned',
  archived: 'Archived',
  loading: 'Loading conversations…',
  empty: {
    title: 'No conversations yet',
    hint: 'Import an export from ChatGPT or Claude, or write the first one yourself.',
    import: 'Import…',
  },
  archiveEmpty: {
    title: 'The archive is empty',
    hint: 'Archive a conversation (E) to take it out of the list without deleting it.',
  },
  tagEmpty: {
    title: (tag: string): string => `Nothing is tagged “${tag}” here`,
    hint: 'Show all conversations again, or pick another tag.',
    clear: 'Show all',
  },
  failed: 'The conversations could not be read',
  choose: {
    title: 'Choose a conversation to read it',
    hint: 'Up and down move through the list, Enter opens. Press ? for all shortcuts.',
  },
  filter: {
    label: 'Filter by tag',
    noMatch: (text: string): string => `No tag contains “${text}”.`,
    active: (tag: string): string => `Tag: ${tag}`,
    none: 'No tags yet. Press T on a conversation to add one.',
    clear: 'Stop filtering by tag',
  },
  menu: {
    label: (title: string): string => `Actions for ${title}`,
    open: 'Open',
    rename: 'Rename',
    pin: 'Pin',
    unpin: 'Unpin',
    archive: 'Archive',
    unarchive: 'Move out of the archive',
    tags: 'Tags…',
    remove: 'Delete',
  },
  rename: { label: 'Title of the conversation' },
  tags: {
    title: 'Tags',
    label: 'Tags of this conversation',
    hint: 'Type a tag and press Enter. Up to 50 tags of up to 60 characters.',
    placeholder: 'Add a tag',
  },
  selection: {
    count: (count: number): string => `${formatNumber(count)} selected`,
    clear: 'Clear the selection',
    label: 'Actions for the selected conversations',
  },
  deleted: (count: number): string => `${counted(count)} moved to the trash`,
  deletedHint: 'They stay in the vault’s trash folder.',
  restored: (count: number): string => `${counted(count)} restored`,
  archivedDone: (count: number): string => `${counted(count)} archived`,
  unarchivedDone: (count: number): string => `${counted(count)} moved out of the archive`,
} as const;
