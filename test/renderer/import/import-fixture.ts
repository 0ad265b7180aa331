import type { Handlers, Output } from '../../../shared/ipc/contract.ts';

type Plan = Output<'import.preview'>['plan'];
type Row = Output<'import.rows'>[number];
type Receipt = Output<'import.run'>;

export const plan: Plan = {
  app: 'chatgpt',
  format_version: '2026',
  file_name: 'export.zip',
  seen: 6,
  created: 3,
  updated: 1,
  skipped: 1,
  failed: [{ source_id: 'broken-1', reason: 'It ends in the middle of a string.' }],
  messages: { seen: 60, created: 40, updated: 0, skipped: 20 },
  attachments: 2,
};

export const rows: readonly Row[] = [
  row('one', 'create', ''),
  row('two', 'create', ''),
  row('three', 'create', ''),
  { ...row('four', 'update', '4 messages are new'), new_messages: 4 },
  row('five', 'skip', 'As it is in the vault'),
  row('six', 'fail', 'It ends in the middle of a string.'),
];

function row(name: string, action: Row['action'], note: string): Row {
  const created = '2026-11-01T10:00:00.000Z';
  return { source_id: name, title: `Talk ${name}`, created_at: created, action, note, messages: 10, new_messages: 10 };
}

export function receiptOf(fields: Partial<Receipt> = {}): Receipt {
  const { attachments: _, ...counts } = plan;
  const created = '2026-11-19T10:00:00.000Z';
  return { ...counts, id: 'import-1', created_at: created, duration_ms: 2_100, undone_at: null, ...fields };
}

export const undone: Output<'import.undo'> = {
  id: 'import-1',
  removed_conversations: 3,
  removed_messages: 40,
  reverted_conversations: 1,
  kept: [{ source_id: 'Talk two', reason: 'You wrote in it since.' }],
};

/** An import that works; single answers are replaced by the tests. */
export function importHandlers(overrides: Partial<Handlers> = {}): Partial<Handlers> {
  return {
    'import.preview': async () => ({ plan, rows: rows.length }),
    'import.rows': async ({ offset, limit }) => rows.slice(offset, offset + limit),
    'import.run': async () => receiptOf(),
    'import.list': async () => [],
    'import.undo': async () => undone,
    'jobs.cancel': async () => ({ cancelled: true }),
    ...overrides,
  };
}

/** An answer that comes when the test says so. */
export function later<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
