import { formatCount, formatNumber } from '../format.ts';

export const redaction = {
  heading: 'Personal data',
  hint: 'What is looked for before something leaves the vault. Your records keep their words.',
  rules: [
    { value: 'email', label: 'E-mail addresses' },
    { value: 'phone', label: 'Phone numbers' },
    { value: 'card', label: 'Card numbers' },
    { value: 'token', label: 'Keys and tokens' },
  ],
  exports: 'Taken out of exports',
  exportsHint: 'Of memories and of conversations: [email] stands in its place.',
  sync: 'Not sent to the team',
  syncHint: 'A memory that has any of it stays on this computer. Conversations are sent as they are.',
  logs: 'Taken out of diagnostics',
  logsHint: 'Of what the program notes about its own work.',
  none: 'Nothing',
  failed: 'The rules for personal data could not be read',
  remove: (name: string): string => `Remove the rule ${name}`,
  newName: 'Name of a rule of your own',
  newNameHint: 'A rule of your own, for example badge',
  newPattern: 'What it looks for',
  newPatternHint: 'A regular expression: B-[0-9]{4}',
  add: 'Add',
} as const;

export const memoryExport = {
  heading: 'Export',
  label: 'Memories and profile',
  hint: 'One JSON document, as assistants read it. What you allow holds, and the rules for personal data.',
  audience: 'For',
  person: 'For you',
  save: 'Save…',
  fileName: 'almanac-memory.json',
  saved: (count: number): string => `${formatCount(count, 'memory', 'memories')} given.`,
  withheld: (reason: string, count: number): string => `${formatNumber(count)} kept back: ${reason}.`,
} as const;
