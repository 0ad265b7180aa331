import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { App } from '../../../main/app/assemble-app.ts';
import { createApp } from '../../../main/app/create-app.ts';
import { connect } from '../../../main/remote/connect.ts';
import { createRemotePort } from '../../../main/remote/remote-port.ts';
import { collectionNames, registry } from '../../../shared/collections/registry.ts';
import { freshDatabase, sharedMongod } from '../../helpers/mongod-shared.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { CANARY, filesWithCanary } from '../app/forget-bench.ts';

const url = await sharedMongod('standalone');
const TIMEOUT_MS = 600_000;
const ann = { who: 'USER:ann' };
const ben = { who: 'USER:ben' };

beforeEach(() => {
  vi.stubEnv('ALMANAC_CONFIG', tempFolder());
  for (const name of ['MONGODB_URL', 'MONGODB_DB_NAME', 'MEMORY_STORE_BACKEND', 'MEMORY_DUAL_WRITE']) vi.stubEnv(name, undefined); // prettier-ignore
  onTestFinished(() => void vi.unstubAllEnvs());
});

interface Team {
  readonly anns: App;
  readonly bens: App;
  readonly together: () => Promise<void>;
  /** Everything that stands in the database, as text: tombstones too. */
  readonly there: () => Promise<string>;
}

/** Two vaults of one team that have one memory, with what was said of it. */
async function teamWithMemory(): Promise<Team & { readonly id: string }> {
  const database = freshDatabase();
  const [anns, bens] = [await openApp('ann'), await openApp('ben')];
  // One tells, the other hears and answers, the first hears that.
  const together = async (): Promise<void> => {
    for (const { team } of [anns, bens, anns]) await team.sync();
  };
  const added = await anns.memory.service.add({ type: 'USER_FACT', text: `Lives by the ${CANARY}` }, ann);
  const quote = { message_id: 'm1', quote: `I moved to the ${CANARY}.` };
  await anns.memory.service.confirm(added.memory.id, { ...ann, why: `Said: ${CANARY}` }, [quote]);
  for (const { team } of [anns, bens]) await team.connect({ url, database });
  await together();
  return { anns, bens, together, there: () => contentsOf(database), id: added.memory.id };
}

async function openApp(name: string): Promise<App> {
  const app = await createApp({ vaultPath: join(tempFolder(), name) });
  onTestFinished(() => app.close());
  return app;
}

async function contentsOf(database: string): Promise<string> {
  const port = createRemotePort(await connect(url, { db: database }), { ownsConnection: true });
  const parts: string[] = [];
  for (const name of collectionNames) {
    if (registry[name].scope !== 'team') continue;
    for await (const some of port.scan(name)) parts.push(JSON.stringify(some));
  }
  await port.close();
  return parts.join('\n');
}

const rootOf = ({ vault }: App): string => vault.root;
const upkeep = { who: 'JOB:decay' };

test(
  'what one forgets leaves the team’s database and, once they have heard of it, the others’ vaults',
  { timeout: TIMEOUT_MS },
  async () => {
    const { anns, bens, together, there, id } = await teamWithMemory();
    // Ben has a word in it, too, and his own chain of the log says so.
    await bens.memory.service.confirm(id, ben);
    await together();
    expect(await there()).toContain(CANARY);
    expect(filesWithCanary(rootOf(bens))).not.toEqual([]);

    const forgotten = await anns.memory.service.forget(id, ann);
    expect(forgotten).toMatchObject({ pending: null, redacted_events: 3 });
    expect(filesWithCanary(rootOf(anns))).toEqual([]);
    await together();
    expect(await there()).not.toContain(CANARY);
    expect(await bens.memory.service.show(id)).toMatchObject({ state: 'forgotten', text: '(forgotten)' });
    await bens.memory.service.applyDecay(upkeep);
    expect(filesWithCanary(rootOf(bens))).toEqual([]);
    for (const { memory } of [anns, bens]) expect(await memory.verify()).toMatchObject({ ok: true });
    await together();
    // Done once: the day after there is nothing left to do.
    expect(await bens.memory.service.applyDecay(upkeep)).toMatchObject({ observed: 0 });
    for (const { team } of [anns, bens]) expect(await team.verify()).toMatchObject({ equal: true });
  },
);

test(
  'an edit that knew nothing of the forgetting does not bring it back, and no conflict tells what it was',
  { timeout: TIMEOUT_MS },
  async () => {
    const { anns, bens, together, there, id } = await teamWithMemory();
    await bens.memory.service.edit(id, { text: `Lives far from the ${CANARY}` }, ben);
    await anns.memory.service.forget(id, ann);
    await together();
    for (const app of [anns, bens]) {
      expect(await app.memory.service.show(id)).toMatchObject({ state: 'forgotten' });
      expect(await app.vault.collection('conflicts').count()).toBe(0);
      // What Ben wrote of it meanwhile came after Ann's forgetting: each does its part.
      await app.memory.service.applyDecay(upkeep);
    }
    await together();
    await anns.memory.service.applyDecay(upkeep);
    for (const app of [anns, bens]) expect(filesWithCanary(rootOf(app))).toEqual([]);
    expect(await there()).not.toContain(CANARY);
    for (const { memory } of [anns, bens]) expect(await memory.verify()).toMatchObject({ ok: true });
  },
);

test(
  'a memory that turns private is taken back from the team with all that was said of it, and stays where it is',
  { timeout: TIMEOUT_MS },
  async () => {
    const { anns, bens, together, there, id } = await teamWithMemory();
    await anns.memory.service.edit(id, { scope: 'private' }, ann);
    await together();
    expect(await there()).not.toContain(CANARY);
    expect(await anns.memory.service.show(id)).toMatchObject({ text: `Lives by the ${CANARY}`, scope: 'private' });
    expect(await bens.memory.service.list()).toEqual([]);
    for (const app of [anns, bens]) {
      expect(await app.memory.verify()).toMatchObject({ ok: true });
      expect(await app.team.verify()).toMatchObject({ equal: true });
    }
    await anns.memory.service.edit(id, { scope: 'team' }, ann);
    await together();
    expect(await bens.memory.service.show(id)).toMatchObject({ text: `Lives by the ${CANARY}` });
    // What was said while it was private stays so.
    expect(await bens.memory.service.log({ id })).toHaveLength(3);
    expect(await bens.memory.verify()).toMatchObject({ ok: true });
  },
);

test(
  'constraints and rules about personal data keep a memory from the team, and let it go again',
  { timeout: TIMEOUT_MS },
  async () => {
    const { anns, bens, together, there, id } = await teamWithMemory();
    await anns.memory.service.constrain({ anonymize_dates: true }, ann);
    await together();
    expect(await there()).not.toContain(CANARY);
    expect(await bens.memory.service.list()).toEqual([]);
    expect(await anns.memory.service.list()).toHaveLength(1);
    for (const { team } of [anns, bens]) expect(await team.verify()).toMatchObject({ equal: true });

    await anns.memory.service.constrain({ anonymize_dates: false }, ann);
    await anns.memory.redaction({ sync: ['email'] });
    await anns.memory.service.add({ type: 'USER_FACT', text: 'Writes from ann@example.org' }, ann);
    await together();
    expect((await bens.memory.service.list()).map((memory) => memory.id)).toEqual([id]);
    expect(await there()).not.toContain('ann@example.org');
    await anns.memory.redaction({ sync: [] });
    await together();
    expect(await there()).toContain('ann@example.org');
    for (const { memory } of [anns, bens]) expect(await memory.verify()).toMatchObject({ ok: true });
  },
);
