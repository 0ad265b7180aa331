import type { Handlers, Output } from '../../shared/ipc/contract.ts';
import type { memoryMethods } from '../../shared/ipc/memory.ts';

type MemoryHandlers = Pick<Handlers, keyof typeof memoryMethods>;
type MemoryView = Output<'memory.show'>;

/** The first is before the last change of `graz`, and before `harbour`. */
const days: Output<'memory.log_days'> = [
  { day: '2026-10-01', events: 3 },
  { day: '2026-11-01', events: 4 },
];

/** What the pages beside the list ask, answered from what the given handlers hold. */
export function fixtureMemoryScreens(given: MemoryHandlers): Partial<MemoryHandlers> {
  const all = async (): Promise<MemoryView[]> => [
    ...(await given['memory.list']({})),
    ...(await given['memory.list']({ state: 'proposed' })),
  ];
  return {
    'memory.of_conversation': async ({ id }) =>
      (await all()).flatMap((memory) =>
        memory.evidence
          .filter((each) => each.conversation_id === id)
          .map(({ message_id, quote = null, stance = 'supports' }) => ({ message_id, quote, stance, memory })),
      ),
    'memory.bulk': async ({ action, ids }) => {
      for (const id of ids) {
        if (action === 'pin' || action === 'unpin') await given['memory.edit']({ id, pinned: action === 'pin' });
        if (action === 'confirm') await given['memory.confirm']({ id });
        if (action === 'forget') await given['memory.forget']({ id });
      }
      return { done: ids, refused: [], undo: action === 'forget' ? [] : ids.map((id) => `undo-${action}-${id}`) };
    },
    'memory.undo': async ({ events }) => ({ undone: events.length }),
    'memory.hygiene': async () => fixtureHygiene(await given['memory.list']({})),
    'memory.log_days': async () => ((await all()).length === 0 ? [] : days),
    'memory.as_of': async ({ day }) =>
      (await all())
        .filter(({ id }) => day !== days[0]?.day || id !== 'harbour')
        .map((memory) => ({
          entity_key: `memories/${memory.id}`,
          state: memory.id === 'graz' && day === days[0]?.day ? { ...memory, text: 'I live in Linz.' } : memory,
        })),
    'memory.compare': async ({ from }) => (from === days[0]?.day ? fixtureDifferences(await all()) : []),
    'memory.profile': async () => null,
    'memory.hubs': async () => [],
    'memory.episodes': async () => [],
    'memory.snapshots': async () => [],
  };
}

function fixtureHygiene(believed: readonly MemoryView[]): Output<'memory.hygiene'> {
  const ids = (which: (memory: MemoryView) => boolean): string[] => believed.filter(which).map(({ id }) => id);
  const [a, b] = believed;
  return {
    at: '2026-11-01T09:00:00.000Z',
    memories: believed.length,
    duplicates: a && b ? [{ ids: [a.id, b.id], similarity: 0.8 }] : [],
    contradictions: [],
    without_evidence: ids(({ evidence }) => evidence.length === 0),
    never_recalled: [],
    about_to_fade: [],
    dormant: ids(({ state }) => state === 'dormant'),
    crowded_sources: [],
  };
}

function fixtureDifferences(memories: readonly MemoryView[]): Output<'memory.compare'> {
  const graz = memories.find(({ id }) => id === 'graz');
  const harbour = memories.find(({ id }) => id === 'harbour');
  if (!graz || !harbour) return [];
  const then = { ...graz, text: 'I live in Linz.' };
  return [
    { entity_key: 'memories/graz', kind: 'changed', before: then, after: graz, fields: ['text'] },
    { entity_key: 'memories/harbour', kind: 'added', before: null, after: harbour, fields: [] },
  ];
}
