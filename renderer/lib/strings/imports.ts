import type { Output } from '../../../shared/ipc/contract.ts';
import { formatCount, formatNumber } from '../format.ts';

type MessageCounts = Output<'import.run'>['messages'];
type Undone = Output<'import.undo'>;
type Brought = Output<'import.run'>;
type MemoryCounts = NonNullable<Brought['memories']>;
export interface Changes {
  readonly conversations: number;
  readonly memories: number;
}

const conversations = (count: number): string => formatCount(count, 'conversation', 'conversations');
const messages = (count: number): string => formatCount(count, 'message', 'messages');

const memories = (count: number): string => formatCount(count, 'memory', 'memories');

/** `3 conversations and 1 memory`; what there is none of is not named. */
const both = (changes: Changes): string =>
  [
    changes.conversations > 0 || changes.memories === 0 ? conversations(changes.conversations) : '',
    changes.memories > 0 ? memories(changes.memories) : '',
  ]
    .filter(Boolean)
    .join(' and ');

const newOnes = ({ seen, created }: MessageCounts): string =>
  created === seen ? 'all of them are' : `${formatNumber(created)} of them ${created === 1 ? 'is' : 'are'}`;

export const imports = {
  titles: {
    choose: 'Import conversations',
    uploading: 'Import conversations',
    reading: 'Looking what is in it',
    planned: 'What the import would do',
    running: 'Importing',
    done: 'Imported',
    undoing: 'Undoing the import',
    undone: 'Import undone',
  },
  memories: ({ created, updated, skipped }: MemoryCounts): string =>
    `${memories(created + updated + skipped)}: ${[
      `${formatNumber(created)} new`,
      updated > 0 ? `${formatNumber(updated)} changed` : '',
      skipped > 0 ? `${formatNumber(skipped)} here already, forgotten, or not allowed in` : '',
    ]
      .filter(Boolean)
      .join(', ')}.`,
  choose: {
    title: 'Drop an export here',
    hint: 'From ChatGPT or Claude: the ZIP as you downloaded it, or a JSON file out of it; or a file of memories. First you see what it would bring; nothing is written before you say so.',
    file: 'Choose a file…',
    folder: 'Choose a folder…',
    failed: (name: string): string => `${name} could not be imported`,
    cancelled: 'Cancelled. Nothing was imported.',
  },
  guide: [
    {
      app: 'How to get an export from ChatGPT',
      steps: [
        'Open Settings, then Data controls.',
        'Choose Export data, and confirm.',
        'Download the ZIP from the e-mail that comes; its link works for 24 hours.',
      ],
    },
    {
      app: 'How to get an export from Claude',
      steps: [
        'Open Settings, then Privacy.',
        'Choose Export data, and confirm.',
        'Download the ZIP from the e-mail that comes; its link works for 24 hours.',
      ],
    },
  ],
  progress: {
    starting: 'Starting…',
    phases: {
      upload: 'Handing the file over',
      reading: 'Reading',
      staging: 'Preparing',
      writing: 'Writing',
      undoing: 'Taking back',
      indexing: 'Making it searchable',
      checking: 'Looking through the files',
      repairing: 'Repairing',
    },
    amount: (done: string, unit: string): string => (unit === 'bytes' ? done : `${done} ${unit}`),
    amountOf: (done: string, total: string, unit: string): string =>
      unit === 'bytes' ? `${done} of ${total}` : `${done} of ${total} ${unit}`,
    uploading: (name: string): string => `Handing over ${name}`,
    reading: (name: string): string => `Reading ${name}; nothing is written yet`,
    importing: (changes: Changes): string => `Importing ${both(changes)}`,
    undoing: 'Taking the import back',
  },
  plan: {
    source: (app: string, file: string): string => `${app}, ${file}.`,
    summary: (seen: number, counts: MessageCounts): string =>
      `${conversations(seen)} with ${messages(counts.seen)}; ${newOnes(counts)} new. Nothing is written yet.`,
    nothingYet: 'Nothing is written yet.',
    leftOut: (count: number): string =>
      `${formatCount(count, 'file', 'files')} not taken over, or not as a whole: which`,
    nothingNew: (seen: number, failed: number): string =>
      seen === 0
        ? 'Nothing new.'
        : failed === 0
          ? `Nothing new: all ${conversations(seen)} are in the vault already, as they are here.`
          : `Nothing new: what can be read of the ${conversations(seen)} is in the vault already.`,
    attachments: (count: number): string =>
      `${formatCount(count, 'attachment is', 'attachments are')} named in the messages; the files themselves are not taken over. Each leaves its name in its place.`,
    filterLabel: 'Show only',
    filters: { all: 'All', create: 'New', update: 'Changed', skip: 'Unchanged', fail: 'Not readable' },
    actions: { create: 'New', update: 'Changed', skip: 'Unchanged', fail: 'Not readable' },
    count: formatNumber,
    columns: { action: 'What happens', title: 'Conversation', date: 'Begun', messages: 'Messages', note: 'Note' },
    newMessages: (added: number, total: number): string => `${formatNumber(total)} (+${formatNumber(added)})`,
    tableLabel: 'Conversations in the file',
    tableFailed: 'The table could not be read',
    another: 'Choose another file',
    run: (changes: Changes): string => `Import ${both(changes)}`,
  },
  stop: {
    title: 'Stop?',
    meaning: 'Work is under way. Stopping it leaves the vault as it was.',
    stop: 'Stop and close',
    continue: 'Go on',
  },
  receipt: {
    done: (changes: Changes): string => `${both(changes)} imported.`,
    nothingNew: 'Nothing new was imported.',
    from: (app: string, file: string): string => `From ${app}, ${file}.`,
    took: (ms: number): string =>
      ms < 1000 ? 'Took less than a second.' : `Took ${formatCount(Math.round(ms / 1000), 'second', 'seconds')}.`,
    created: 'New',
    updated: 'Changed',
    skipped: 'Unchanged',
    failed: 'Not readable',
    messages: (counts: MessageCounts): string =>
      counts.updated === 0
        ? `${messages(counts.created)} added.`
        : `${messages(counts.created)} added, ${formatNumber(counts.updated)} changed.`,
    failures: (count: number): string => `${conversations(count)} could not be read: why`,
    more: (count: number): string => `and ${formatNumber(count)} more`,
    undo: 'Undo this import',
    undone: 'Undone',
    show: 'Show conversations',
    showMemories: 'Show memories',
  },
  undo: {
    title: 'Undo this import?',
    meaning: ({ created, updated, memories: remembered }: Pick<Brought, 'created' | 'updated' | 'memories'>): string =>
      [
        created > 0 ? `The ${conversations(created)} it brought will be removed.` : '',
        updated > 0 ? `The ${conversations(updated)} it changed will be as before.` : '',
        (remembered?.created ?? 0) > 0 ? `The ${memories(remembered?.created ?? 0)} it brought will be removed.` : '',
        (remembered?.updated ?? 0) > 0 ? `The ${memories(remembered?.updated ?? 0)} it changed will be as before.` : '',
        'What you changed yourself since then is kept.',
      ]
        .filter(Boolean)
        .join(' '),
    keep: 'Keep it',
    undo: 'Undo the import',
  },
  undone: {
    title: 'The import was taken back.',
    summary: (undone: Undone): string =>
      [
        undone.removed_conversations + undone.removed_messages > 0 || (undone.removed_memories ?? 0) === 0
          ? `${conversations(undone.removed_conversations)} and ${messages(undone.removed_messages)} removed`
          : '',
        (undone.removed_memories ?? 0) > 0 ? `${memories(undone.removed_memories ?? 0)} removed` : '',
        undone.reverted_conversations > 0 ? `${conversations(undone.reverted_conversations)} as before` : '',
      ]
        .filter(Boolean)
        .join(', ') + '.',
    kept: (count: number): string =>
      `${formatCount(count, 'record', 'records')} kept, because they changed since: which`,
  },
  page: {
    heading: 'Imports',
    import: 'Import…',
    listLabel: 'Receipts of imports',
    failed: 'The receipts could not be read',
    empty: {
      title: 'Nothing was imported yet',
      hint: 'An import leaves a receipt here: what it brought, what it could not read, and the way to undo it.',
    },
  },
} as const;
