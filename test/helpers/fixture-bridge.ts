import { AppError, toAppError } from '../../shared/errors.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import {
  isMethodName,
  methods,
  type EventName,
  type Handlers,
  type Output,
  type Payload,
} from '../../shared/ipc/contract.ts';
import type { ConversationRow, Settings, VaultStatus } from '../../shared/ipc/models.ts';
import { errorData, type Reply } from '../../shared/ipc/reply.ts';
import type { DoctorReport } from '../../shared/ipc/upkeep.ts';
import type { TeamStatus } from '../../shared/ipc/team.ts';
import { fixtureTeamHandlers } from './fixture-team.ts';
import { fixtureMemoryScreens } from './fixture-memory-screens.ts';
import { fixtureMemoryHandlers } from './fixture-memory.ts';
import { fixtureMessage, fixtureRow, fixtureSearch, fixtureStatus, localDay } from './fixture-vault.ts';

export interface FixtureOptions {
  readonly conversations?: number;
  readonly host?: Bridge['host'];
  readonly now?: Date;
  readonly settings?: Partial<Settings>;
  readonly status?: Partial<VaultStatus>;
  readonly team?: Partial<TeamStatus>;
  /** None unless given. */
  readonly memories?: readonly Output<'memory.show'>[];
  /** Replaces how single methods answer; throw an AppError to answer with an error. */
  readonly overrides?: Partial<Handlers>;
}

export interface Fixture {
  readonly bridge: Bridge<File>;
  /** Every call the page made, oldest first. */
  readonly calls: { readonly method: string; readonly input: unknown }[];
  readonly emit: <E extends EventName>(event: E, payload: Payload<E>) => void;
  /** The conversations as they stand, newest first. */
  readonly rows: () => readonly ConversationRow[];
}

/** Almanac's other half in memory: answers every method of the contract, over generated conversations. */
export function createFixture(options: FixtureOptions = {}): Fixture {
  const calls: { method: string; input: unknown }[] = [];
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const emit: Fixture['emit'] = (event, payload) => listeners.get(event)?.forEach((listener) => listener(payload));
  const vault = createFixtureVault(options, emit);
  const handlers: Handlers = { ...vault.handlers, ...options.overrides };
  const bridge: Bridge<File> = {
    host: options.host ?? 'web',
    invoke: async (method, input) => {
      calls.push({ method, input });
      return replyTo(handlers, method, input);
    },
    subscribe: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
    offerFile: async (file) => ({ ok: true, value: { handle: 'handle-0001', name: file.name } }),
  };
  return { bridge, calls, emit, rows: vault.rows };
}

async function replyTo(handlers: Handlers, method: string, rawInput: unknown): Promise<Reply> {
  try {
    if (!isMethodName(method))
      throw new AppError('NOT_SUPPORTED', `No method ${method}.`, { remedy: 'Check the name.' });
    const input = methods[method].input.parse(rawInput);
    // The input was parsed with this very method's schema.
    const handler = handlers[method] as (value: unknown) => Promise<unknown>;
    return { ok: true, value: await handler(input) };
  } catch (error) {
    return { ok: false, error: errorData(toAppError(error)) };
  }
}

function createFixtureVault(options: FixtureOptions, emit: Fixture['emit']) {
  const now = options.now ?? new Date();
  let rows = Array.from({ length: options.conversations ?? 60 }, (_, n) => fixtureRow(n, now));
  let settings: Settings = { theme: 'system', reading_width: 72, welcome_done: true, ...options.settings };
  const trash = new Map<string, ConversationRow[]>();
  const status = (): VaultStatus => ({ ...fixtureStatus(rows.length), ...options.status });
  const changed = (): void => emit('records.changed', { collections: ['conversations'] });
  const find = (id: string): ConversationRow => {
    const row = rows.find((one) => one.id === id);
    if (!row) throw new AppError('NOT_FOUND', `There is no conversation ${id}.`, { remedy: 'Choose another.' });
    return row;
  };
  const listed = (view: 'active' | 'archived', tag?: string): ConversationRow[] => {
    const shown = rows.filter((row) => row.archived === (view === 'archived') && (!tag || row.tags.includes(tag)));
    return [...shown.filter((row) => row.pinned), ...shown.filter((row) => !row.pinned)];
  };
  const notHere = (): never => {
    throw new AppError('NOT_SUPPORTED', 'The fixture has no imports.', { remedy: 'Override this method.' });
  };

  const memory = fixtureMemoryHandlers(options.memories, (collections) => emit('records.changed', { collections }));
  const handlers: Handlers = {
    'vault.status': async () => status(),
    'vault.reveal': async () => null,
    'settings.get': async () => settings,
    'settings.set': async (input) => {
      // Absent and undefined mean the same here; the type says only absent.
      settings = { ...settings, ...(input as Partial<Settings>) };
      return settings;
    },
    'conversations.days': async ({ view, tag }) => countByDay(listed(view, tag)),
    'conversations.list': async ({ view, tag, offset, limit }) => {
      const all = listed(view, tag);
      return { total: all.length, rows: all.slice(offset, offset + limit) };
    },
    'conversations.tags': async () => countTags(rows),
    'conversations.thread': async ({ id }) => {
      const row = find(id);
      const messages = Array.from({ length: 6 }, (_, n) => fixtureMessage(row, n));
      const conversation = { ...row, current_leaf: null, source_app: row.provider };
      return { conversation, total: messages.length, offset: 0, messages, hidden: 0 };
    },
    'conversations.create': async ({ title }) => {
      const date = new Date(now);
      const row: ConversationRow = {
        ...fixtureRow(0, now),
        id: `new-${rows.length}`,
        title,
        created_at: date.toISOString(),
        updated_at: date.toISOString(),
        day: localDay(date),
        tags: [],
        provider: null,
      };
      rows = [row, ...rows];
      changed();
      return row;
    },
    'conversations.update': async (input) => {
      const row = { ...find(input.id), ...(input as Partial<ConversationRow>) };
      rows = rows.map((one) => (one.id === row.id ? row : one));
      changed();
      return row;
    },
    'conversations.choose_branch': async ({ message_id }) => ({ current_leaf: message_id }),
    'conversations.delete': async ({ ids }) => {
      const undo = `trash-${trash.size}`;
      trash.set(
        undo,
        rows.filter((row) => ids.includes(row.id)),
      );
      rows = rows.filter((row) => !ids.includes(row.id));
      changed();
      return { deleted: ids.length, undo };
    },
    'conversations.undelete': async ({ undo }) => {
      const back = trash.get(undo) ?? [];
      rows = [...rows, ...back].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
      changed();
      return { restored: back.length };
    },
    'conversations.export': async ({ id }) => ({
      file_name: `${id}.md`,
      media_type: 'text/markdown',
      text: `# ${find(id).title}\n`,
    }),
    'messages.append': async () => ({ id: 'm-new' }),
    'search.query': async ({ text, limit }) => fixtureSearch(rows, text, limit, status().search),
    'search.rebuild': async () => status().search,
    'files.pick': async () => null,
    'import.preview': async () => notHere(),
    'import.rows': async () => [],
    'import.run': async () => notHere(),
    'import.forget': async () => null,
    'import.list': async () => [],
    'import.undo': async () => notHere(),
    'outside.status': async () => ({ missing: 0, examples: [], notices: [] }),
    'outside.restore_missing': async () => ({ restored: 0, lost: 0 }),
    'outside.delete_missing': async () => ({ deleted: 0 }),
    'doctor.run': async () => healthy,
    'quarantine.list': async () => [],
    'quarantine.restore': async () => ({ restored: 1 }),
    'quarantine.export': async () => ({ file_name: 'a.json', base64: '' }),
    'quarantine.discard': async () => null,
    'trash.list': async () => [],
    'trash.restore': async () => ({ restored: 1 }),
    ...fixtureTeamHandlers(options.team, (team) => emit('team.status', team)),
    ...memory,
    ...fixtureMemoryScreens(memory),
    'jobs.cancel': async () => ({ cancelled: false }),
  };
  return { handlers, rows: () => rows };
}

const healthy: DoctorReport = {
  ok: true,
  checked: { files: 120, records: 480, bytes: 1_200_000 },
  findings: [],
  more: 0,
  repaired: 0,
  open: 0,
  compared: true,
  duration_ms: 340,
};

function countByDay(rows: readonly ConversationRow[]): { day: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const day = row.pinned ? 'pinned' : row.day;
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].map(([day, count]) => ({ day, count }));
}

function countTags(rows: readonly ConversationRow[]): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const tag of rows.flatMap((row) => row.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].map(([tag, count]) => ({ tag, count })).sort((a, b) => b.count - a.count);
}
