import type { MongodProcess } from '../../../helpers/mongod-process.ts';
import type { Dice } from '../sim-random.ts';

/** What happens to a server; each begins while histories run, and ends while they go on. */
export type ServerFault =
  | 'killed'
  | 'stepped down'
  | 'history lost'
  | 'backed up'
  | 'restored'
  | 'disk full'
  | 'rights revoked'
  | 'connections closed'
  | 'writes unsure'
  | 'slow';

/** One that is under way. */
export interface Running {
  /** Resolves once nothing of it is left. */
  lift(): Promise<void>;
}

const CLIENT = 'almanac';
const WRITES = ['insert', 'update', 'bulkWrite'];
const ALL = [...WRITES, 'find', 'aggregate', 'getMore', 'hello'];
const OUT_OF_DISK_SPACE = 14_031;
const UNAUTHORIZED = 13;
const WRITE_CONCERN_TIMEOUT = 64;

/** @param goesBack called when the server has lost what was written since its backup */
export async function beginFault(
  fault: ServerFault,
  server: MongodProcess,
  random: Dice,
  goesBack: () => void,
): Promise<Running> {
  switch (fault) {
    case 'killed':
      await server.kill();
      return { lift: () => server.start() };
    case 'backed up':
      await server.kill();
      await server.backUp();
      return { lift: () => server.start() };
    case 'restored':
      await server.kill();
      await server.restore();
      goesBack();
      return { lift: () => server.start() };
    case 'history lost':
      await server.loseHistory();
      return { lift: () => Promise.resolve() };
    case 'stepped down':
      await server.stepDown();
      return { lift: () => Promise.resolve() };
    default:
      await server.failCommands({ appName: CLIENT, ...failureOf(fault, random) });
      return { lift: () => server.failNoMore() };
  }
}

function failureOf(
  fault: 'disk full' | 'rights revoked' | 'connections closed' | 'writes unsure' | 'slow',
  random: Dice,
): Omit<Parameters<MongodProcess['failCommands']>[0], 'appName'> {
  const times = 1 + random.below(40);
  switch (fault) {
    case 'disk full':
      return { commands: WRITES, times, errorCode: OUT_OF_DISK_SPACE };
    case 'rights revoked':
      return { commands: random.chance(0.5) ? WRITES : ALL, times, errorCode: UNAUTHORIZED };
    case 'connections closed':
      return { commands: ALL, times, closeConnection: true };
    case 'writes unsure':
      return { commands: WRITES, times, writeConcernErrorCode: WRITE_CONCERN_TIMEOUT };
    case 'slow':
      return { commands: WRITES, times, blockMs: 30 };
  }
}
