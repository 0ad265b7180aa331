import { AppError } from '../../shared/errors.ts';
import type { Handlers, Output } from '../../shared/ipc/contract.ts';
import { memoryMethods } from '../../shared/ipc/memory.ts';

type MemoryHandlers = Pick<Handlers, keyof typeof memoryMethods>;
type MemoryView = Output<'memory.show'>;
type MemoryEvent = Output<'memory.log'>[number];

const day = '2026-11-01T09:00:00.000Z';

/** A memory as main would show it. */
export function fixtureMemory(id: string, changes: Partial<MemoryView> = {}): MemoryView {
  return {
    id,
    type: 'USER_FACT',
    text: `Memory ${id}`,
    confidence: 0.9,
    current_confidence: 0.62,
    state: 'active',
    subject: 'USER:local',
    tenant: 'TENANT:local',
    domain: null,
    scope: 'team',
    pinned: false,
    evidence: [],
    added_at: day,
    last_confirmed_at: null,
    confirmation_count: 1,
    contradiction_count: 0,
    last_recalled_at: null,
    recall_count: 0,
    fades_at: '2026-12-06T09:00:00.000Z',
    updated_at: day,
    ...changes,
  };
}

const quoted = {
  message_id: 'm-7',
  conversation_id: 'c000007',
  quote: 'I moved to Graz in spring, by the way.',
  at: day,
};

/** One of every kind and state. */
export const fixtureMemories: readonly MemoryView[] = [
  fixtureMemory('graz', { text: 'I live in Graz.', evidence: [quoted], last_confirmed_at: '2026-11-10T09:00:00.000Z' }),
  fixtureMemory('mornings', { type: 'USER_PATTERN', text: 'I write in the mornings.', current_confidence: 0.81 }),
  fixtureMemory('harbour', { type: 'SHARED_NARRATIVE', text: 'We plan a trip to the harbour.', pinned: true }),
  fixtureMemory('bicycle', { text: 'My bicycle is green.', state: 'dormant', current_confidence: 0.31 }),
  fixtureMemory('tea', { text: 'I prefer tea.', state: 'proposed', evidence: [{ ...quoted, quote: 'I prefer tea.' }] }),
  fixtureMemory('cat', { text: 'My cat is called Mitzi.', state: 'proposed', evidence: [quoted] }),
];

/** A small memory that the page can change; every change tells the page and stands in the log. */
export function fixtureMemoryHandlers(
  given: readonly MemoryView[] = [],
  changed: (collections: string[]) => void = () => undefined,
): MemoryHandlers {
  let memories = given;
  let events: readonly MemoryEvent[] = given.map((memory, at) => fixtureEvent(at + 1, 'MEMORY_ADDED', null, memory));
  const find = (id: string): MemoryView => {
    const found = memories.find((each) => each.id === id);
    if (!found) throw new AppError('NOT_FOUND', `There is no memory ${id}.`, { remedy: 'Choose another.' });
    return found;
  };
  const put = (type: MemoryEvent['event_type'], next: MemoryView): MemoryView => {
    const before = memories.find(({ id }) => id === next.id) ?? null;
    memories = before ? memories.map((each) => (each === before ? next : each)) : [...memories, next];
    events = [fixtureEvent(events.length + 1, type, before, next), ...events];
    changed(['memories', 'memory_events']);
    return next;
  };
  const refuse = async (): Promise<never> => {
    throw new AppError('NOT_SUPPORTED', 'The fixture has no such memory.', { remedy: 'Override this method.' });
  };
  // Its own keys; those that follow take the place of the refusing ones.
  const refusing = Object.fromEntries(
    Object.keys(memoryMethods).map((name) => [name, refuse]),
  ) as unknown as MemoryHandlers;
  return {
    ...refusing,
    'memory.list': async ({ state }) =>
      memories
        .filter((each) => (state ? each.state === state : each.state === 'active' || each.state === 'dormant'))
        .sort((a, b) => b.current_confidence - a.current_confidence),
    'memory.show': async ({ id }) => find(id),
    'memory.why': async ({ id }) => fixtureWhy(find(id)),
    'memory.add': async ({ text, type, confidence = 0.85 }) => {
      const memory = fixtureMemory(`new-${memories.length}`, {
        text,
        type,
        confidence,
        current_confidence: confidence,
      });
      return { memory: put('MEMORY_ADDED', memory), contradicts: [] };
    },
    'memory.confirm': async ({ id }) => put('MEMORY_CONFIRMED', { ...find(id), current_confidence: 0.93 }),
    'memory.contradict': async ({ id }) => put('MEMORY_CONTRADICTED', { ...find(id), current_confidence: 0.37 }),
    'memory.edit': async ({ id, why: _why, ...edit }) =>
      // Absent and undefined mean the same here; the type says only absent.
      put('MEMORY_UPDATED', { ...find(id), ...(edit as Partial<MemoryView>) }),
    'memory.forget': async ({ id }) => {
      const memory = put('MEMORY_FORGOTTEN', { ...find(id), text: '(forgotten)', state: 'forgotten' });
      return {
        memory,
        redacted_events: 1,
        also_forgotten: [],
        still_says: [],
        purged: { log_lines: 1, sync_bases: 0, good_copies: 0, trash: 0, quarantine: 0 },
        pending: null,
        not_reached: ['backups and copies of the vault'],
      };
    },
    'memory.restore': async ({ id }) => put('MEMORY_RESTORED', { ...find(id), state: 'active' }),
    'memory.accept': async ({ id }) => put('MEMORY_ADDED', { ...find(id), state: 'active' }),
    'memory.reject': async ({ id }) => put('MEMORY_UPDATED', { ...find(id), state: 'rejected' }),
    'memory.extract': async () => ({
      proposed: [put('MEMORY_PROPOSED', fixtureMemory('garden', { text: 'I have a garden.', state: 'proposed' }))],
      skipped: {},
    }),
    'memory.export': async () => ({ document: {}, memories: 0, withheld: {} }),
    'memory.redaction': async (change) =>
      ({ logs: [], sync: [], exports: [], own: [], ...change }) as Output<'memory.redaction'>,
    'memory.log': async ({ id, limit = 100 }) =>
      events.filter((event) => id === undefined || event.entity_key === `memories/${id}`).slice(0, limit),
    'memory.verify': async () => ({
      ok: true,
      events: events.length,
      redacted: 0,
      first_broken: null,
      chains: [{ replica: 'r1', events: events.length, last_hash: 'ab'.repeat(32) }],
    }),
  };
}

function fixtureWhy(memory: MemoryView): Output<'memory.why'> {
  if (memory.state === 'forgotten') {
    throw new AppError('BAD_INPUT', `The memory ${memory.id} is forgotten.`, { remedy: 'Choose another.' });
  }
  const { confidence, current_confidence: now, state, fades_at, evidence } = memory;
  return {
    memory,
    confidence,
    current_confidence: now,
    state,
    floor: 0.4,
    half_life_days: 30,
    fades_at,
    steps: [
      { kind: 'base', text: `It was added with ${confidence}.`, change: confidence, confidence },
      { kind: 'decay', text: '12 days without confirmation.', change: now - confidence, confidence: now },
    ],
    evidence,
    curve: [
      { at: day, confidence },
      { at: '2026-12-06T09:00:00.000Z', confidence: 0.4 },
    ],
  };
}

function fixtureEvent(
  sequence: number,
  type: MemoryEvent['event_type'],
  before: MemoryView | null,
  after: MemoryView,
): MemoryEvent {
  const hash = 'cd'.repeat(32);
  return {
    id: `event-${sequence}`,
    replica: 'r1',
    event_sequence: sequence,
    event_type: type,
    created_at: day,
    updated_at: day,
    subject_id: 'USER:local',
    tenant_id: 'TENANT:local',
    invoker_subject_id: 'USER:local',
    entity_key: `memories/${after.id}`,
    operation: { action: type.toLowerCase() },
    before: before && { ...before },
    after: { ...after },
    result: { success: true, duration_ms: 1, affected_documents: 1, error: null },
    context: { source: 'app' },
    body_hash: hash,
    prev_hash: hash,
    hash,
  };
}
