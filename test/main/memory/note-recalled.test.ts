import { expect, test } from 'vitest';
import { memoryVault, person, there } from './memory-vault.ts';

const fact = (text: string) => ({ type: 'USER_FACT', text }) as const;

test('what was given out is noted once a day, with an event, and is no longer called never recalled', async () => {
  const { vault, memory, clock, verify } = await memoryVault();
  const stored = (id: string) => vault.collection('memories').findOne({ id });
  const { memory: trains } = await memory.add(fact('Likes trains'), person);
  const { memory: chess } = await memory.add(fact('Plays chess'), person);
  clock.forward(31);
  await memory.confirm(trains.id, person);
  await memory.confirm(chess.id, person);
  expect([...(await memory.hygiene()).never_recalled].sort()).toEqual([trains.id, chess.id].sort());

  await memory.noteRecalled([trains.id, trains.id, 'not there'], person);
  await memory.noteRecalled([trains.id], person);
  expect(await stored(trains.id)).toMatchObject({
    recall_count: 1,
    last_recalled_at: new Date(clock.now()).toISOString(),
  });
  expect((await memory.hygiene()).never_recalled).toEqual([chess.id]);
  const noted = (await memory.log({ id: trains.id })).filter(({ operation }) => operation.action === 'recall');
  expect(noted).toHaveLength(1);

  clock.forward(1);
  await memory.noteRecalled([trains.id], person);
  expect(there(await stored(trains.id)).recall_count).toBe(2);
  expect(await verify()).toMatchObject({ ok: true });
  expect(await memory.unlogged()).toEqual([]);
});

test('being recalled is no confirmation: it fades as before', async () => {
  const { memory, clock } = await memoryVault();
  const { memory: trains } = await memory.add(fact('Likes trains'), person);
  clock.forward(20);
  const before = (await memory.show(trains.id)).current_confidence;
  await memory.noteRecalled([trains.id], person);
  expect((await memory.show(trains.id)).current_confidence).toBe(before);
});

test('many are noted, also what was forgotten meanwhile is left alone', async () => {
  const { vault, memory } = await memoryVault();
  const ids: string[] = [];
  for (let at = 0; at < 60; at += 1)
    ids.push((await memory.add({ ...fact(`Owns thing ${at}`), anyway: true }, person)).memory.id);
  const [first = ''] = ids;
  await memory.forget(first, person);
  await memory.noteRecalled(ids, person);
  const counts = (await vault.collection('memories').find({ state: { $ne: 'forgotten' } })).map(
    ({ recall_count: count }) => count,
  );
  expect(counts).toEqual(Array.from({ length: counts.length }, () => 1));
  expect(counts.length).toBeGreaterThan(50);
  expect(there(await vault.collection('memories').findOne({ id: first })).recall_count).toBeUndefined();
});
