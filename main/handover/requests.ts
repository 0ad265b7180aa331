import { z } from 'zod';
import { collectionNames, type CollectionName } from '../../shared/collections/registry.ts';
import { memoryMethods } from '../../shared/ipc/memory.ts';
import { Count, type Progress, Receipt, UndoneImport } from '../../shared/ipc/models.ts';
import { BackfillReport, Certificate, SyncReport } from '../../shared/ipc/team.ts';
import { teamMethods } from '../../shared/ipc/team-methods.ts';
import { DoctorReport, type Finding } from '../../shared/ipc/upkeep.ts';

/** Given on as it came: the store judges fields and operators, also those that an object schema would drop unseen. */
const JsonObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is no JSON object',
);
const Collection = z.enum(collectionNames as [CollectionName, ...CollectionName[]]); // there is at least one
const acknowledged = z.literal(true);
const Archive = z.strictObject({ path: z.string(), name: z.string() });
const nothing = z.strictObject({});

/**
 * Everything that changes a vault from the command line: done in the process that has it open, whichever that is.
 * Adding a line here is adding a request: it does not compile until main/app/owner-work.ts does it.
 */
export const requests = {
  'records.insert': {
    input: z.strictObject({ collection: Collection, draft: z.union([z.array(JsonObject), JsonObject]) }),
    output: z.union([
      z.object({ acknowledged, insertedId: z.string() }),
      z.object({ acknowledged, insertedCount: Count, insertedIds: z.record(z.string(), z.string()) }),
    ]),
  },
  'records.update': {
    input: z.strictObject({
      collection: Collection,
      filter: JsonObject,
      update: JsonObject,
      upsert: z.boolean(),
      many: z.boolean(),
    }),
    output: z.object({
      acknowledged,
      matchedCount: Count,
      modifiedCount: Count,
      upsertedCount: Count,
      upsertedId: z.string().nullable(),
    }),
  },
  'records.delete': {
    input: z.strictObject({ collection: Collection, filter: JsonObject, many: z.boolean() }),
    output: z.object({ acknowledged, deletedCount: Count }),
  },
  'import.run': { input: z.strictObject({ archive: Archive }), output: Receipt },
  'import.undo': { input: z.strictObject({ id: z.string() }), output: UndoneImport },
  'vault.rebuild': {
    input: nothing,
    output: z.object({
      records: z.record(z.string(), Count),
      quarantined: Count,
      duration_ms: z.number(),
      search: z.object({ indexed: Count, total: Count }),
    }),
  },
  'doctor.run': { input: z.strictObject({ repair: z.boolean() }), output: DoctorReport },
  'trash.restore': { input: z.strictObject({ id: z.string() }), output: z.object({ restored: Count }) },
  'quarantine.restore': { input: z.strictObject({ id: z.string() }), output: z.object({ restored: Count }) },
  'quarantine.discard': { input: z.strictObject({ id: z.string() }), output: z.null() },
  ...memoryMethods,
  'team.status': teamMethods['team.status'],
  'team.test': teamMethods['team.test'],
  'team.connect': teamMethods['team.connect'],
  'team.prepare': {
    input: z.strictObject({ url: z.string().optional(), database: z.string().optional() }),
    output: z.null(),
  },
  'team.disconnect': teamMethods['team.disconnect'],
  'team.set_mode': teamMethods['team.set_mode'],
  'team.set_scope': teamMethods['team.set_scope'],
  'team.decide': teamMethods['team.decide'],
  'team.sync': { input: nothing, output: SyncReport },
  'team.backfill': { input: nothing, output: BackfillReport },
  'team.pull': { input: nothing, output: SyncReport },
  'team.verify': { input: z.strictObject({ full: z.boolean().optional() }), output: Certificate },
  'conflicts.list': teamMethods['conflicts.list'],
  'conflicts.get': teamMethods['conflicts.get'],
  'conflicts.resolve': teamMethods['conflicts.resolve'],
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type RequestName = keyof typeof requests;
export type RequestInput<R extends RequestName> = z.output<(typeof requests)[R]['input']>;
export type RequestOutput<R extends RequestName> = z.output<(typeof requests)[R]['output']>;

export interface WorkOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Omit<Progress, 'job_id'>) => void;
  /** Told of what the doctor finds as it finds it, where this process does the work: no finding comes over the socket. */
  readonly onFinding?: (finding: Finding) => void;
}

/** What the owner of a vault does for whoever asks: the same code, here or at the other end of the socket. */
export type OwnerWork = {
  readonly [R in RequestName]: (input: RequestInput<R>, options: WorkOptions) => Promise<RequestOutput<R>>;
};

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}
