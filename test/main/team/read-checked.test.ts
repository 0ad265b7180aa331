import { expect, test } from 'vitest';
import { readChecked } from '../../../main/team/read-checked.ts';
import type { LocalState } from '../../../main/sync/ports.ts';
import type { StoredRecord } from '../../../main/records/stored-record.ts';
import { memory, versionMaker } from '../sync/versions.ts';
import { openTestVault } from '../store/open-test-vault.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const maker = versionMaker('r1');
const stateOf = (local: StoredRecord | null): LocalState => ({ local, base: null, baseRecord: null });

test('what another program has changed is read once more, and nothing else', async () => {
  const [kept, before] = ['m1', 'm2'].map((id) => maker.version('memories', id, memory(id))) as [
    StoredRecord,
    StoredRecord,
  ];
  const changed = { ...before, text: 'by an editor' };
  const version = maker.version('memories', 'm2', memory('by an editor'), before._meta);
  const asked: (readonly string[])[] = [];
  const vault = {
    readUnchecked: async () =>
      new Map([
        ['m1', stateOf(kept)],
        ['m2', stateOf(changed)],
        ['m3', stateOf(null)],
      ]),
    read: async (_collection: string, ids: readonly string[]) => {
      asked.push(ids);
      return new Map([['m2', stateOf(version)]]);
    },
  };
  expect([...(await readChecked(vault, 'memories', ['m1', 'm2', 'm3']))]).toEqual([
    ['m1', stateOf(kept)],
    ['m2', stateOf(version)],
    ['m3', stateOf(null)],
  ]);
  expect(asked).toEqual([['m2']]);
});

test('a vault that nobody else has changed reads the same both ways, in order and by size', async () => {
  const vault = await openTestVault(tempFolder());
  const ids = ['c', 'a', 'b', 'none'];
  for (const id of ids.slice(0, 3)) await vault.collection('memories').insertOne({ id, ...memory(id) });
  const ledger = vault.ledger();
  for (const maxBytes of [undefined, 1, 1_000_000]) {
    const checked = [...(await readChecked(ledger, 'memories', ids, maxBytes))];
    expect(checked).toEqual([...(await ledger.read('memories', ids, maxBytes))]);
    expect(checked.length).toBe(maxBytes === 1 ? 1 : 4);
  }
});
