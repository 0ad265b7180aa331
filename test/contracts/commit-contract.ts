import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../main/lib/clock.ts';
import type { Committing, Write } from '../../shared/store/commit.ts';
import type { ChangeBatch, Store } from '../../shared/store/store.ts';
import { tickingClock } from './store-contract.ts';

const fact = (id: string, text = 'Likes trains') => ({ id, type: 'USER_FACT' as const, text, confidence: 0.9 });
const chat = (id: string, fields = {}) => ({ id, title: id, ...fields });

/** What every store does that changes records of several collections together. */
export function commitContract(name: string, makeStore: (clock: Clock) => Promise<Store & Committing>): void {
  async function open(): Promise<Store & Committing> {
    const store = await makeStore(tickingClock());
    onTestFinished(() => store.close());
    return store;
  }
  const it = (title: string, body: () => Promise<void>): void => test(`${name}: ${title}`, body);

  it('inserts, replacements and deletions of several collections become true at once', async () => {
    const store = await open();
    await store.collection('memories').insertMany([fact('a'), fact('b')]);
    const told: ChangeBatch[] = [];
    store.watch((batch) => told.push(batch));
    const done = await store.commit([
      { op: 'insert', collection: 'conversations', draft: chat('c') },
      { op: 'replace', collection: 'memories', id: 'a', record: fact('a', 'Likes planes') },
      { op: 'delete', collection: 'memories', id: 'b' },
    ]);
    expect(done).toMatchObject([{ id: 'c', kind: 'chat' }, { id: 'a', text: 'Likes planes' }, null]);
    expect(done[1]?._meta.gen).toBe(2);
    expect(await store.collection('memories').find()).toEqual([done[1]]);
    expect(await store.collection('conversations').find()).toEqual([done[0]]);
    expect(told).toEqual([
      {
        source: 'local',
        changes: expect.arrayContaining([
          { collection: 'conversations', type: 'insert', id: 'c' },
          { collection: 'memories', type: 'update', id: 'a' },
          { collection: 'memories', type: 'delete', id: 'b' },
        ]) as unknown,
      },
    ]);
  });

  it('a replacement keeps the day it was made, and is no change where nothing differs', async () => {
    const store = await open();
    await store.collection('memories').insertOne(fact('a'));
    const [before] = await store.collection('memories').find();
    const [same] = await store.commit([{ op: 'replace', collection: 'memories', id: 'a', record: fact2(before) }]);
    expect(same).toEqual(before);
    const [changed] = await store.commit([
      { op: 'replace', collection: 'memories', id: 'a', record: { ...fact2(before), text: 'Other' } },
    ]);
    expect(changed).toMatchObject({ created_at: before?.created_at, text: 'Other' });
    expect(changed?.['updated_at']).not.toBe(before?.updated_at);
  });
  const fact2 = (record: object | undefined): Record<string, unknown> => ({ ...record });

  const cases: readonly (readonly [string, readonly Write[], string])[] = [
    [
      'a replace of what is not there',
      [{ op: 'replace', collection: 'memories', id: 'x', record: fact('x') }],
      'NOT_FOUND',
    ],
    ['a delete of what is not there', [{ op: 'delete', collection: 'memories', id: 'x' }], 'NOT_FOUND'],
    [
      'a version that is not current',
      [{ op: 'replace', collection: 'memories', id: 'a', record: fact('a', 'Other'), ifRev: '9-other' }],
      'CHANGED_MEANWHILE',
    ],
    [
      'a delete of another version',
      [{ op: 'delete', collection: 'memories', id: 'a', ifRev: '9-other' }],
      'CHANGED_MEANWHILE',
    ],
    ['an id that is taken', [{ op: 'insert', collection: 'memories', draft: fact('a') }], 'DUPLICATE_KEY'],
    [
      'one unique key twice in the commit',
      [
        { op: 'insert', collection: 'conversations', draft: chat('d', { lookup_key: 'k' }) },
        { op: 'insert', collection: 'conversations', draft: chat('e', { lookup_key: 'k' }) },
      ],
      'DUPLICATE_KEY',
    ],
    [
      'a record that is not valid',
      [{ op: 'insert', collection: 'memories', draft: { id: 'z', text: 'x' } }],
      'BAD_RECORD',
    ],
    [
      'another day of making',
      [
        {
          op: 'replace',
          collection: 'memories',
          id: 'a',
          record: { ...fact('a'), created_at: '2020-01-01T00:00:00.000Z' },
        },
      ],
      'BAD_UPDATE',
    ],
    [
      'one record twice',
      [
        { op: 'replace', collection: 'memories', id: 'a', record: fact('a', 'One') },
        { op: 'delete', collection: 'memories', id: 'a' },
      ],
      'BAD_INPUT',
    ],
  ];
  for (const [title, writes, code] of cases) {
    it(`${title} is ${code}, and nothing of the commit happens`, async () => {
      const store = await open();
      await store.collection('memories').insertOne(fact('a'));
      const before = await store.collection('memories').find();
      const told: ChangeBatch[] = [];
      store.watch((batch) => told.push(batch));
      const all: Write[] = [{ op: 'insert', collection: 'conversations', draft: chat('first') }, ...writes];
      await expect(store.commit(all)).rejects.toMatchObject({ code });
      expect(await store.collection('memories').find()).toEqual(before);
      expect(await store.collection('conversations').count()).toBe(0);
      expect(told).toEqual([]);
    });
  }

  it('commits at once see each other: of two that build on one version, one is refused', async () => {
    const store = await open();
    await store.collection('memories').insertOne(fact('a'));
    const [before] = await store.collection('memories').find();
    const ifRev = before?._meta.rev ?? '';
    const outcomes = await Promise.allSettled(
      ['One', 'Two'].map((text) =>
        store.commit([{ op: 'replace', collection: 'memories', id: 'a', record: { ...before, text }, ifRev }]),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
}
