import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createHybridClock } from '../../../../main/lib/hlc.ts';
import { createStamper } from '../../../../main/records/meta.ts';
import type { StoredRecord } from '../../../../main/records/stored-record.ts';
import { addLanes, lanesOf, noLanes } from '../../../../main/sync/lanes.ts';
import { registry } from '../../../../shared/collections/registry.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';
import { adopt, foreign, landed, newState, stateOf } from './ledger-bench.ts';

const stamper = createStamper(createHybridClock({ now: () => Date.parse('2026-03-01') }, 'r1'), 'r1');
const DAYS = ['2026-02-03', '2026-02-21', '2026-03-01'] as const;
const versions = DAYS.map((day) => foreign('memories', { id: day, type: 'USER_FACT', text: day, confidence: 1, created_at: `${day}T09:00:00.000Z` })); // prettier-ignore

const folderOf = (root: string): string => join(root, 'data', 'sync_bases');
const filesIn = (root: string): string[] =>
  readdirSync(folderOf(root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ndjson'))
    .sort();

/** Puts each line into the file of its base's own day, where the versions before the files by month wrote it. */
function asEarlierVersionsWrote(root: string): void {
  const lines = filesIn(root).flatMap((path) =>
    readFileSync(join(folderOf(root), path), 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as StoredRecord & { readonly base: { readonly day: string } }),
  );
  rmSync(folderOf(root), { recursive: true });
  for (const { _meta, ...body } of lines) {
    const line = stamper.stamp(registry.sync_bases, { ...body, created_at: `${body.base.day}T00:00:00.000Z` });
    const path = join(folderOf(root), body.base.day.replaceAll('-', '/'), 'memories.ndjson');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(line)}\n`);
  }
}

test('what earlier versions remembered of the server, a file for each day, is read, added up and written on', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  await vault.ledger().commit({ steps: [], state: newState });
  await vault.ledger().commit({ steps: versions.map((record) => adopt('memories', record)) });
  const sums = await vault.ledger().digest('memories', { by: 'month' });
  await vault.close();
  expect(filesIn(root)).toEqual(['2026/02/01/memories.ndjson', '2026/03/01/memories.ndjson']);
  asEarlierVersionsWrote(root);
  const old = ['2026/02/03/memories.ndjson', '2026/02/21/memories.ndjson', '2026/03/01/memories.ndjson'];
  expect(filesIn(root)).toEqual(old);

  const again = await openTestVault(root);
  const ledger = again.ledger();
  expect(await ledger.digest('memories', { by: 'month' })).toEqual(sums);
  expect((await ledger.bases('memories', '2026-02')).map(({ id }) => id).sort()).toEqual(DAYS.slice(0, 2));
  expect((await ledger.bases('memories', '2026-02-21')).map(({ id }) => id)).toEqual(['2026-02-21']);
  for (const { id, _meta } of versions) expect((await stateOf(ledger, 'memories', id)).base?.rev).toBe(_meta.rev);
  expect(await ledger.countDirty()).toMatchObject({ memories: 0 });

  // An edit is noted in the same line, and so is its arrival.
  await again.collection('memories').updateOne({ id: '2026-02-21' }, { $set: { text: 'edited' } });
  const { local, baseRecord } = await stateOf(ledger, 'memories', '2026-02-21');
  expect(baseRecord).toEqual(versions[1]);
  await ledger.commit({ steps: [landed('memories', local!)] });
  const [february] = [...(await ledger.digest('memories', { by: 'month' })).values()];
  const expected = [versions[0]!, local!].reduce((sum, { id, _meta }) => addLanes(sum, lanesOf(id, _meta.rev)), noLanes); // prettier-ignore
  expect(february).toEqual(expected);
  await again.close();
  expect(filesIn(root)).toEqual(old);
});
