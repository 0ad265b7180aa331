import type { z } from 'zod';
import type { CollectionName, RecordOf } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { memoryRecordMethods } from '../../shared/ipc/memory-records.ts';
import type { Store, Stored } from '../../shared/store/store.ts';
import { newProfile } from '../memory/profiles.ts';
import { type Actor, LOCAL_SUBJECT, LOCAL_TENANT } from '../memory/audited-writes.ts';
import type { MemoryPart } from './open-memory.ts';

type Methods = typeof memoryRecordMethods;
type RecordHandlers = {
  readonly [M in keyof Methods]: (input: z.output<Methods[M]['input']>) => Promise<z.output<Methods[M]['output']>>;
};
type Hub = z.output<Methods['memory.hubs']['output']>[number];
type EpisodeRow = z.output<Methods['memory.episodes']['output']>[number];
type SnapshotRow = z.output<Methods['memory.snapshots']['output']>[number];

interface Ports {
  readonly memory: () => Promise<MemoryPart>;
  readonly store: Store;
  readonly actor: (why: string | undefined) => Actor;
}

/** Preferences, hubs, episodes and snapshots; every change goes through the memory log. */
export function memoryRecordHandlers({ memory, store, actor }: Ports): RecordHandlers {
  const service = async () => (await memory()).service;
  return {
    'memory.prefer': async ({ preferences, learning_level: level, subject, tenant, why }) => {
      const whose = { subject: subject ?? LOCAL_SUBJECT, tenant: tenant ?? LOCAL_TENANT };
      const before = (await (await service()).profile(whose.subject, whose.tenant)) ?? newProfile(whose);
      const { learning_level: was, ...rest } = before;
      const next = level === undefined ? was : level;
      const after = {
        ...rest,
        ...(next != null && { learning_level: next }),
        preferences: withChanges((before['preferences'] ?? {}) as Record<string, unknown>, preferences ?? {}),
      };
      return (await service()).put('profiles', after, actor(why));
    },
    'memory.hubs': async () =>
      (await store.collection('memory_hubs').find({}, { sort: { hub_type: 1, item_key: 1 } })).map(hubOf),
    'memory.put_hub': async ({ id, why, hub_type, item_key, payload, scope }) => {
      const before = id === undefined ? null : await store.collection('memory_hubs').findOne({ id });
      if (id !== undefined && !before) throw notThere(id, 'memory_hubs');
      const { _meta, ...was } = before ?? {};
      const after = { ...was, hub_type, item_key, payload, ...(scope !== undefined && { scope }) };
      const done = await (await service()).put('memory_hubs', after, actor(why));
      // What was put has been checked with the collection's schema.
      return hubOf({ ...was, ...done } as HubRecord);
    },
    'memory.remove_hub': async ({ id, why }) => {
      await (await service()).remove('memory_hubs', id, actor(why));
      return null;
    },
    'memory.episodes': async () =>
      (await store.collection('episodic_memory').find({}, { sort: { updated_at: -1 } })).map(episodeOf),
    'memory.episode': async ({ id }) => {
      const found = await store.collection('episodic_memory').findOne({ id });
      if (!found) throw notThere(id, 'episodic_memory');
      return { episode: episodeOf(found), nodes: [...found.nodes], edges: [...found.edges] };
    },
    'memory.snapshots': async () =>
      (await store.collection('runtime_snapshots').find({}, { sort: { created_at: -1 } })).map(snapshotOf),
    'memory.snapshot': async ({ id }) => {
      const found = await store.collection('runtime_snapshots').findOne({ id });
      if (!found) throw notThere(id, 'runtime_snapshots');
      return { snapshot: snapshotOf(found), active_runs: found.active_runs };
    },
  };
}

function withChanges(
  before: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

type HubRecord = Stored<RecordOf<'memory_hubs'>>;
type EpisodeRecord = Stored<RecordOf<'episodic_memory'>>;
type SnapshotRecord = Stored<RecordOf<'runtime_snapshots'>>;

function hubOf({ id, hub_type, item_key, payload, learner_id, scope, updated_at }: HubRecord): Hub {
  return { id, hub_type, item_key, payload, learner_id: learner_id ?? null, scope: scope ?? 'team', updated_at };
}

function episodeOf({ id, run_id, query, status, nodes, edges, created_at, updated_at }: EpisodeRecord): EpisodeRow {
  return { id, run_id, query, status, nodes: nodes.length, edges: edges.length, created_at, updated_at };
}

function snapshotOf({ id, snapshot_id, source, active_runs: runs, created_at }: SnapshotRecord): SnapshotRow {
  const count = typeof runs === 'number' ? runs : Object.keys(runs).length;
  return { id, snapshot_id, source: source ?? null, runs: count, created_at };
}

function notThere(id: string, name: CollectionName): AppError {
  return new AppError('NOT_FOUND', `There is no record ${id} in ${name}.`, { remedy: 'Look again at what there is.' });
}
