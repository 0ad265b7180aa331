import type { z } from 'zod';
import type { Evidence } from '../../shared/collections/memories.ts';
import type { memoryMethods } from '../../shared/ipc/memory.ts';
import type { Store } from '../../shared/store/store.ts';
import { type Actor, LOCAL_SUBJECT } from '../memory/audited-writes.ts';
import { changeMany } from './memory-bulk.ts';
import { type Cited, evidenceOf } from './memory-evidence.ts';
import { memoriesOfConversation } from './memories-of-conversation.ts';
import { memoryRecordHandlers } from './memory-record-handlers.ts';
import type { MemoryPart } from './open-memory.ts';

type Methods = typeof memoryMethods;
export type MemoryHandlers = {
  readonly [M in keyof Methods]: (input: z.output<Methods[M]['input']>) => Promise<z.output<Methods[M]['output']>>;
};

interface Ports {
  readonly memory: () => Promise<MemoryPart>;
  readonly store: Store;
  /** Which door asks, for the log. */
  readonly source: 'app' | 'cli';
}

/** The methods of the memory, for the page and for the command line. */
export function memoryHandlers({ memory, store, source }: Ports): MemoryHandlers {
  const service = async () => (await memory()).service;
  const by = (why: string | undefined): Actor => ({ who: LOCAL_SUBJECT, source, ...(why !== undefined && { why }) });
  const cited = (given: readonly Cited[] | undefined) => evidenceOf(store, given ?? []);
  const reading = readingHandlers(memory);
  return {
    ...reading,
    'memory.recall': async (asked) => {
      const recalled = await reading['memory.recall'](asked);
      const given = recalled.picks.map(({ id }) => id);
      // Nobody waits for it, and where it cannot be noted (a vault that is only read) the answer is the same.
      (await service()).noteRecalled(given, by(undefined)).catch(() => undefined);
      return recalled;
    },
    ...memoryRecordHandlers({ memory, store, actor: by }),
    'memory.of_conversation': async ({ id }) => memoriesOfConversation(await service(), store, id),
    'memory.bulk': async ({ action, ids, why }) => changeMany(await service(), action, ids, by(why)),
    'memory.undo': async ({ events, why }) => ({ undone: await (await service()).undo(events, by(why)) }),
    'memory.log_days': async () => logDays(store),
    'memory.add': async ({ why, evidence, ...rest }) => {
      const added = await (await service()).add({ ...present(rest), evidence: await cited(evidence) }, by(why));
      return { memory: plain(added.memory), contradicts: [...added.contradicts] };
    },
    'memory.confirm': async ({ id, why, evidence }) =>
      plain(await (await service()).confirm(id, by(why), await cited(evidence))),
    'memory.contradict': async ({ id, why, evidence }) =>
      plain(await (await service()).contradict(id, by(why), await cited(evidence))),
    'memory.edit': async ({ id, why, ...edit }) => plain(await (await service()).edit(id, present(edit), by(why))),
    'memory.merge': async ({ ids, why }) => plain(await (await service()).merge(ids, by(why))),
    'memory.forget': async ({ id, why }) => {
      const forgotten = await (await service()).forget(id, by(why));
      return {
        ...forgotten,
        memory: plain(forgotten.memory),
        also_forgotten: [...forgotten.also_forgotten],
        still_says: [...forgotten.still_says],
        not_reached: [...forgotten.not_reached],
      };
    },
    'memory.restore': async ({ id, why, day }) => plain(await (await service()).restore(id, by(why), day)),
    'memory.extract': async ({ conversation_id }) => {
      const { proposed, skipped } = await (await memory()).extract(conversation_id);
      return { proposed: proposed.map(plain), skipped: { ...skipped } };
    },
    'memory.accept': async ({ id, why }) => plain(await (await service()).accept(id, by(why))),
    'memory.reject': async ({ id, why }) => plain(await (await service()).reject(id, by(why))),
    'memory.decay': async () => {
      const report = await (await service()).applyDecay(by(undefined));
      return { ...report, dormant: [...report.dormant], woken: [...report.woken], deleted: [...report.deleted] };
    },
    'memory.redaction': async (change) => {
      const { logs, sync, exports, own } = await (await memory()).redaction(present(change));
      return { logs: [...logs], sync: [...sync], exports: [...exports], own: own.map((rule) => ({ ...rule })) };
    },
    'memory.constrain': async ({ subject, tenant, why, ...change }) =>
      (await service()).constrain(present(change), by(why), present({ subject, tenant })),
  };
}

type Reading =
  'list' | 'show' | 'why' | 'recall' | 'export' | 'hygiene' | 'log' | 'verify' | 'as_of' | 'compare' | 'profile';

/** Those that change nothing. */
function readingHandlers(memory: () => Promise<MemoryPart>): Pick<MemoryHandlers, `memory.${Reading}`> {
  const service = async () => (await memory()).service;
  return {
    'memory.list': async (query) => (await (await service()).list(present(query))).map(plain),
    'memory.show': async ({ id }) => plain(await (await service()).show(id)),
    'memory.why': async ({ id }) => {
      const why = await (await service()).why(id);
      return {
        ...why,
        memory: plain(why.memory),
        steps: [...why.steps],
        evidence: [...why.evidence],
        curve: [...why.curve],
      };
    },
    'memory.recall': async ({ query, program, ...options }) => {
      const audience = program === undefined ? {} : { audience: { kind: 'program', name: program } as const };
      const recalled = await (await service()).recall(query, { ...present(options), ...audience });
      const picks = recalled.picks.map((pick) => ({ ...pick, matched: [...pick.matched] }));
      return { ...recalled, picks, withheld: { ...recalled.withheld } };
    },
    'memory.export': async ({ program, ...whose }) => {
      const audience = program === undefined ? {} : { audience: { kind: 'program', name: program } as const };
      const exported = await (await service()).export({ ...present(whose), ...audience });
      return { ...exported, document: { ...exported.document }, withheld: { ...exported.withheld } };
    },
    'memory.hygiene': async () => structuredClone(await (await service()).hygiene()) as HygieneOutput,
    'memory.log': async (query) => (await service()).log(present(query)),
    'memory.verify': async () => {
      const verdict = await (await memory()).verify();
      return { ...verdict, chains: [...verdict.chains] };
    },
    'memory.as_of': async ({ day, id }) =>
      structuredClone([...(await (await service()).asOf(day, id))]) as StatesOutput,
    'memory.compare': async ({ from, to }) =>
      structuredClone(await (await service()).compareDays(from, to)) as ComparedOutput,
    'memory.profile': async ({ subject, tenant }) => {
      const profile = await (await service()).profile(subject, tenant);
      return profile && { ...profile };
    },
  };
}

// Copies of what is only read here, so that nobody downstream can change the original.
type HygieneOutput = z.output<Methods['memory.hygiene']['output']>;
type StatesOutput = z.output<Methods['memory.as_of']['output']>;
type ComparedOutput = z.output<Methods['memory.compare']['output']>;

function plain<T extends { readonly evidence: readonly Evidence[] }>(view: T): T & { evidence: Evidence[] } {
  return { ...view, evidence: [...view.evidence] };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without members that are undefined: absent is absent. */
function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Present<T>;
}

/** On which days something changed, and how much. */
async function logDays(store: Store): Promise<{ day: string; events: number }[]> {
  const counts = new Map<string, number>();
  const projection = { created_at: 1 } as const;
  for await (const event of store.collection('memory_events').stream({}, { projection })) {
    const day = event.created_at.slice(0, 10);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].map(([day, events]) => ({ day, events })).sort((a, b) => (a.day < b.day ? -1 : 1));
}
