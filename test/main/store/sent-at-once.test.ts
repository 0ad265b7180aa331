import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

const drafts = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `c${at}`, title: 'sent at once' }));

/** Counts the turns of the event loop until the test ends. */
function countTurns(): () => number {
  let [turns, isEnded] = [0, false];
  const turn = (): void => {
    turns += 1;
    if (!isEnded) setImmediate(turn);
  };
  setImmediate(turn);
  onTestFinished(() => void (isEnded = true));
  return () => turns;
}

test('writes that were sent at once let others have their turn in between', async () => {
  const vault = await openTestVault(join(tempFolder(), 'vault'), { tuning: { turnMs: 0 } });
  const turns = countTurns();
  await Promise.all(drafts(50).map((draft) => vault.collection('conversations').insertOne(draft)));
  expect(turns()).toBeGreaterThanOrEqual(50);
  expect(await vault.collection('conversations').count()).toBe(50);
});

test('while their turn lasts they share a flush', async () => {
  const vault = await openTestVault(join(tempFolder(), 'vault'), { tuning: { turnMs: 60_000 } });
  const turns = countTurns();
  await Promise.all(drafts(50).map((draft) => vault.collection('conversations').insertOne(draft)));
  expect(turns()).toBeLessThan(10);
});
