import { join } from 'node:path';
import { MongodProcess, SET } from './mongod-process.ts';

const SIZE = 3;
const AGAIN_MS = 20;

/** A replica set of three real mongods, each of which can be killed, kept from what the primary writes, and elected. */
export class MongodSet {
  readonly members: readonly MongodProcess[];

  private constructor(members: readonly MongodProcess[]) {
    this.members = members;
  }

  /** @param folder of its own */
  static async start(folder: string): Promise<MongodSet> {
    const names = Array.from({ length: SIZE }, (_, at) => join(folder, `member${at}`));
    const members = await Promise.all(names.map((name) => MongodProcess.start({ kind: 'member', folder: name })));
    const set = new MongodSet(members);
    const config = members.map(({ port }, _id) => ({ _id, host: `127.0.0.1:${port}` }));
    await members[0]?.admin().command({ replSetInitiate: { _id: SET, members: config } });
    await set.untilWhole();
    return set;
  }

  get url(): string {
    return `mongodb://${this.members.map(({ port }) => `127.0.0.1:${port}`).join(',')}/?replicaSet=${SET}`;
  }

  /** The one that takes writes, once there is one. */
  async primary(): Promise<MongodProcess> {
    for (;;) {
      for (const member of this.members) {
        const hello = await asked(member, { hello: 1 });
        if (hello?.['isWritablePrimary'] === true) return member;
      }
      await paused();
    }
  }

  async secondaries(): Promise<readonly MongodProcess[]> {
    const primary = await this.primary();
    return this.members.filter((member) => member !== primary);
  }

  /** Keeps a member from taking what others write; the set goes on believing it well. */
  async holdBack(member: MongodProcess, isHeld: boolean): Promise<void> {
    await member.admin().command({ configureFailPoint: 'stopReplProducer', mode: isHeld ? 'alwaysOn' : 'off' });
  }

  /** Has this one elected, whoever is the primary. */
  async elect(member: MongodProcess): Promise<void> {
    for (;;) {
      await asked(member, { replSetStepUp: 1 });
      if ((await this.primary()) === member) return;
      await paused();
    }
  }

  /** Until there is a primary and all others follow it. */
  async untilWhole(): Promise<void> {
    for (;;) {
      const states = await Promise.all(this.members.map((member) => asked(member, { replSetGetStatus: 1 })));
      const names = states.map((state) => Number(state?.['myState']));
      if (names.includes(PRIMARY) && names.every((state) => state === PRIMARY || state === SECONDARY)) return;
      await paused();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
  }
}

const PRIMARY = 1;
const SECONDARY = 2;

/** Null where it does not answer, or not yet. */
async function asked(member: MongodProcess, command: Record<string, unknown>) {
  try {
    return await member.admin().command(command);
  } catch {
    return null;
  }
}

function paused(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}
