import { join } from 'node:path';
import type { MongodProcess } from '../../../helpers/mongod-process.ts';
import { startTcpProxy } from '../../../helpers/tcp-proxy.ts';
import { dice } from '../sim-random.ts';
import { RealHistory, type Site } from './history.ts';
import { Machine } from './machine.ts';
import { beginFault, type Running, type ServerFault } from './server-faults.ts';
import { Witness } from './witness.ts';

export interface GroupOptions {
  /** Of the first history; the others follow. */
  readonly seed: number;
  readonly histories: number;
  readonly server: MongodProcess;
  readonly streams: boolean;
  /** For the vaults. */
  readonly folder: string;
  /** One for each phase. */
  readonly faults: readonly ServerFault[];
}

export interface GroupReport {
  readonly histories: number;
  readonly conflicts: number;
  readonly kills: number;
  /** Versions on the server that replaced another, and were judged by that (I3, I10); none where there is no history of changes. */
  readonly judged: number;
}

/** What the change stream does not tell of everything after. */
const HISTORY_ENDS: ReadonlySet<ServerFault> = new Set(['restored', 'history lost']);
const MACHINES = 3;
/** Many a call is in vain while the server is away. */
const HURRIED_MS = 500;

/**
 * Histories that run at once on the same machines and the same server, so that a fault of either hits all of them, each
 * at another point. Phase by phase: in each the server has one fault, and one of the machines is killed.
 */
export async function runGroup(options: GroupOptions): Promise<GroupReport> {
  const { seed, histories: count, server, streams, folder, faults } = options;
  const random = dice(seed ^ 0x6_0f);
  const machines = Array.from({ length: MACHINES }, () => new Machine());
  const proxies: { close(): Promise<void> }[] = [];
  const witness = streams ? await Witness.begin(server.url) : null;
  try {
    for (const machine of machines) machine.start();
    const histories: RealHistory[] = [];
    for (let at = 0; at < count; at += 1) {
      const own = dice(seed + at + 0x51);
      const sites: Site[] = [];
      for (const [index, machine] of machines.slice(0, own.chance(0.5) ? 2 : MACHINES).entries()) {
        const proxy = await startTcpProxy(server.port);
        proxies.push(proxy);
        sites.push({ name: `r${index}`, machine, proxy });
      }
      const database = `h${seed + at}`;
      histories.push(new RealHistory({ seed: seed + at, database, server, sites, streams }));
      await witness?.prepare(database);
      await openAll(histories.at(-1) as RealHistory, sites, join(folder, database), database);
    }
    for (const machine of machines) machine.onReopened = (key) => reopened(machine, key, histories);
    let kills = 0;
    for (const fault of faults) {
      if (HISTORY_ENDS.has(fault)) await loseSight(histories, witness);
      kills += await runPhase(fault, { server, histories, machines, random });
      if (HISTORY_ENDS.has(fault)) await witness?.forget();
    }
    await Promise.all(histories.map((each) => each.checkStreams()));
    await Promise.all(histories.map((each) => each.checkPeace()));
    await witness?.caughtUp();
    witness?.verdict();
    let conflicts = 0;
    for (const each of histories) conflicts += await each.conflicts();
    return { histories: count, conflicts, kills, judged: witness?.judged ?? 0 };
  } finally {
    await Promise.all([
      witness?.end(),
      ...machines.map((machine) => machine.stop()),
      ...proxies.map((proxy) => proxy.close()),
    ]);
  }
}

/** Before the server's history of changes is broken for the first time, it has to have sufficed (I6). */
async function loseSight(histories: readonly RealHistory[], witness: Witness | null): Promise<void> {
  await Promise.all(histories.map((each) => each.checkStreams()));
  for (const each of histories) each.historyIsLost();
  await witness?.caughtUp();
  await witness?.forget();
}

async function openAll(history: RealHistory, sites: readonly Site[], root: string, database: string): Promise<void> {
  await Promise.all(
    sites.map(({ name, machine, proxy }) => {
      return machine.open({
        key: history.key,
        root: join(root, name),
        url: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
        database,
        clockMs: history.clocks.get(name) ?? 0,
        isResident: history.residents.has(name),
        selectionTimeoutMs: HURRIED_MS,
      });
    }),
  );
}

async function reopened(machine: Machine, key: string, histories: readonly RealHistory[]): Promise<void> {
  await histories.find((each) => each.key === key)?.reopened(machine);
}

interface Stage {
  readonly server: MongodProcess;
  readonly histories: readonly RealHistory[];
  readonly machines: readonly Machine[];
  readonly random: ReturnType<typeof dice>;
}

/** Returns how many machines were killed. */
async function runPhase(fault: ServerFault, { server, histories, machines, random }: Stage): Promise<number> {
  const commands = histories.map(() => 4 + random.below(5));
  const total = commands.reduce((sum, n) => sum + n, 0);
  const beginAt = 1 + random.below(Math.ceil(total / 2));
  const endAt = beginAt + 1 + random.below(total - beginAt);
  const killAt = random.chance(0.5) ? 1 + random.below(total) : null;
  const victim = random.pick(machines);
  const underWay: Promise<unknown>[] = [];
  let running: Promise<Running> | undefined;
  let done = 0;
  const tell = (what: string): void => histories.forEach((each) => each.hear(what));
  const lift = async (): Promise<void> => {
    await (await running)?.lift();
    tell(`over: ${fault}`);
  };
  const step = (): void => {
    done += 1;
    if (done === beginAt) {
      tell(fault);
      running = beginFault(fault, server, random, () => histories.forEach((each) => each.serverGoesBack()));
      underWay.push(running);
    }
    if (done === endAt) underWay.push(lift());
    if (done === killAt) {
      tell('a machine is killed');
      for (const each of histories) each.machineIsKilled(victim);
      underWay.push(victim.killAndRestart());
    }
  };
  await Promise.all(
    histories.map(async (history, at) => {
      for (let left = commands[at] ?? 0; left > 0; left -= 1) {
        await history.command();
        step();
      }
    }),
  );
  await Promise.all(underWay);
  return killAt === null ? 0 : 1;
}
