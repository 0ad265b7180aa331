import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Search } from '../../../main/search/types.ts';
import { addChat, idsFound, newVault, now, startSearch, type EngineName } from './vault-with-search.ts';

const yearMs = 365 * 24 * 60 * 60 * 1000;

/** What holds for both engines. */
describe.each<EngineName>(['best', 'scan'])('engine %s', (engine) => {
  test('titles, messages, tags and memories are found, with the conversation’s title and a marked snippet', async () => {
    const vault = await newVault();
    await addChat(vault, 'c1', 'Trip to Paris', ['Where to stay near the Seine?', 'Crème brûlée first.']);
    await vault.collection('conversations').updateOne({ id: 'c1' }, { $set: { tags: ['holiday'] } });
    await vault
      .collection('memories')
      .insertOne({ id: 'm1', type: 'USER_FACT', text: 'Likes trains', confidence: 0.9 });
    const search = startSearch(vault, engine);
    await search.settled();
    const { hits, coverage } = await search.query('creme BRUL', { limit: 5 });
    expect(hits).toEqual([
      {
        collection: 'messages',
        id: 'c1-1',
        conversation_id: 'c1',
        title: 'Trip to Paris',
        snippet: 'Crème brûlée first.',
        ranges: [
          [0, 5],
          [6, 12],
        ],
        score: expect.any(Number) as number,
        created_at: new Date(now).toISOString(),
      },
    ]);
    expect(coverage).toEqual({ indexed: 4, total: 4, state: 'ready', engine: engine === 'best' ? 'fts5' : 'scan' });
    expect(await idsFound(search, 'holiday')).toEqual(['c1']);
    expect(await idsFound(search, 'paris')).toEqual(['c1']);
    expect(await idsFound(search, 'trains')).toEqual(['m1']);
    const onlyMemories = await search.query('t', { limit: 5, collections: ['memories'] });
    expect(onlyMemories.hits.map((hit) => hit.id)).toEqual(['m1']);
  });

  test('all words are required, the last as a prefix, others whole', async () => {
    const vault = await newVault();
    await addChat(vault, 'c', '', ['alpha beta gamma', 'alpha beta', 'alphabet']);
    const search = startSearch(vault, engine);
    expect(await idsFound(search, 'alpha gam')).toEqual(['c-0']);
    expect((await idsFound(search, 'alpha')).sort()).toEqual(['c-0', 'c-1', 'c-2']);
    expect((await idsFound(search, 'alpha b')).sort()).toEqual(['c-0', 'c-1']);
    expect(await idsFound(search, 'alph beta')).toEqual([]);
  });

  test('scripts without blanks, emoji, identifiers, addresses and signs are found', async () => {
    const vault = await newVault();
    const texts = [
      '私は東京都に住んでいます',
      'ภาษาไทยไม่มีช่องว่าง',
      'well done 👍🏽',
      'call foo_bar(x) => y',
      'I write C++ daily',
      'I write C daily',
      'see https://example.com/a/b?q=1#top',
    ];
    await addChat(vault, 'c', '', texts);
    const search = startSearch(vault, engine);
    for (const [query, id] of [
      ['東京', 'c-0'],
      ['京都', 'c-0'],
      ['ไทย', 'c-1'],
      ['👍', 'c-2'],
      ['foo_bar', 'c-3'],
      ['bar', 'c-3'],
      ['=>', 'c-3'],
      ['c++', 'c-4'],
      ['example.com/a/b', 'c-6'],
      ['https://example.com/a/b?q=1#top', 'c-6'],
    ] as const) {
      expect([query, await idsFound(search, query)]).toEqual([query, [id]]);
    }
    expect(await idsFound(search, '東都')).toEqual([]);
  });

  test('any text is a legal query, and a whole message finds itself', async () => {
    const vault = await newVault();
    const long = `It said: "don't OR -do NOT* NEAR(this)" (see: foo{bar}) ^ ${'and so on, '.repeat(80)}the end`;
    await addChat(vault, 'c', '', [long, 'something else']);
    const search = startSearch(vault, engine);
    expect(await idsFound(search, long)).toEqual(['c-0']);
    expect(await idsFound(search, long.slice(0, 1000))).toEqual(['c-0']);
    for (const text of ["'; DROP TABLE words; --", 'a AND', '\0', '**', '""', '{title}:x', '', ' ', 'x'.repeat(1000)]) {
      expect(await idsFound(search, text)).toEqual([]);
    }
  });

  test('a title counts more than a text, the new more than the old, the hidden less', async () => {
    const vault = await newVault();
    // Enough others that the words looked for are rare.
    await addChat(
      vault,
      'other',
      'Nothing',
      Array.from({ length: 30 }, (_, at) => `filler number ${at}`),
    );
    await addChat(vault, 'old', 'Old', ['zebra in a sentence'], now - 5 * yearMs);
    await addChat(vault, 'new', 'New', ['zebra in a sentence']);
    await addChat(vault, 'hid', 'Hidden', [{ content: 'zebra in a sentence', hidden: true }]);
    await addChat(vault, 'sys', 'System', [{ content: 'zebra in a sentence', role: 'system' }], now - yearMs);
    await addChat(vault, 'top', 'The zebra', ['striped'], now - 5 * yearMs);
    const search = startSearch(vault, engine);
    expect(await idsFound(search, 'zebra')).toEqual(['top', 'new-0', 'old-0', 'hid-0', 'sys-0']);
  });

  test('what was changed is found as it is now, what was deleted is not found', async () => {
    const vault = await newVault();
    await addChat(vault, 'c', 'Before', ['first words', 'second words']);
    const search = startSearch(vault, engine);
    expect((await idsFound(search, 'words')).sort()).toEqual(['c-0', 'c-1']);
    await vault.collection('messages').updateOne({ id: 'c-0' }, { $set: { content: 'changed sentence' } });
    await vault.collection('conversations').updateOne({ id: 'c' }, { $set: { title: 'After' } });
    expect(await idsFound(search, 'words')).toEqual(['c-1']);
    expect(await idsFound(search, 'sentence')).toEqual(['c-0']);
    expect(await idsFound(search, 'before')).toEqual([]);
    expect(await idsFound(search, 'after')).toEqual(['c']);
    await vault.collection('messages').deleteOne({ id: 'c-1' });
    // Not even in the moment before the index knows.
    expect((await search.query('words', { limit: 5 })).hits).toEqual([]);
    expect(await idsFound(search, 'words')).toEqual([]);
    await vault.collection('conversations').deleteMany({});
    expect(await idsFound(search, 'after')).toEqual([]);
  });

  test('a message added to a conversation is found', async () => {
    const vault = await newVault();
    await addChat(vault, 'c', '', ['one', 'two']);
    const search = startSearch(vault, engine);
    await search.settled();
    const at = new Date(now).toISOString();
    await vault
      .collection('messages')
      .insertOne({ id: 'n', conversation_id: 'c', role: 'user', content: 'three', created_at: at, updated_at: at });
    expect(await idsFound(search, 'three')).toEqual(['n']);
    expect((await search.query('one', { limit: 5 })).hits.map((hit) => hit.snippet)).toEqual(['one']);
  });

  test('rebuilding finds the same', async () => {
    const vault = await newVault();
    await addChat(vault, 'c', 'Title', ['one', 'two']);
    const search = startSearch(vault, engine);
    const before = await idsFound(search, 'one');
    await search.rebuild();
    expect(search.coverage()).toMatchObject({ indexed: 3, total: 3, state: 'ready' });
    expect(await idsFound(search, 'one')).toEqual(before);
  });

  test('after close every question is refused', async () => {
    const vault = await newVault();
    const search = startSearch(vault, engine);
    await search.close();
    await search.close();
    await expect(search.query('x', { limit: 1 })).rejects.toMatchObject({ code: 'VAULT_CLOSED' });
  });
});

test('both engines give the same hits in the same order', async () => {
  const vault = await newVault();
  const words = ['red', 'green', 'blue', 'black', 'white', 'grey'];
  const text = (seed: number): string =>
    Array.from({ length: 4 + (seed % 9) }, (_, at) => words[(seed * 7 + at * at * (1 + (seed % 5))) % 6]).join(' ');
  for (let chat = 0; chat < 12; chat += 1) {
    const texts = Array.from({ length: 10 }, (_, at) =>
      at % 4 === 3 ? `nothing ${chat} of note` : text(chat * 10 + at),
    );
    await addChat(vault, `c${chat}`, `${words[chat % 6]} ${chat}`, texts, now - chat * 1_000_000_000);
  }
  const fts = startSearch(vault, 'best');
  const scan = startSearch(vault, 'scan');
  await Promise.all([fts.settled(), scan.settled()]);
  for (const query of ['red', 'gr', 'nothing', 'note 1', 'blue whi', 'grey black', '3', 'nope']) {
    const ask = async (search: typeof fts) =>
      (await search.query(query, { limit: 200 })).hits.map(({ id, score, snippet }) => ({
        id,
        score: score.toPrecision(5),
        snippet,
      }));
    const order = (a: { score: string; id: string }, b: { score: string; id: string }): number =>
      Number(b.score) - Number(a.score) || (a.id < b.id ? -1 : 1);
    // Equal scores may come in any order.
    expect((await ask(fts)).sort(order)).toEqual((await ask(scan)).sort(order));
  }
});

test('without an index, what changed after a query is counted anew, and what is asked again is ranked as before', async () => {
  const vault = await newVault();
  await addChat(vault, 'c', 'Zebra', ['red zebra', 'Größe', 'blue']);
  await addChat(vault, 'd', '', ['green', 'more text about nothing']);
  const ask = async (search: Search): Promise<(string | number)[][]> => {
    await search.settled();
    const answers = ['zebra', 'grosse', 'blue', 'zebra'].map((query) => search.query(query, { limit: 9 }));
    return (await Promise.all(answers)).map(({ hits }) => hits.flatMap(({ id, score }) => [id, score]));
  };
  const search = startSearch(vault, 'scan');
  const before = await ask(search);
  expect(await ask(search)).toEqual(before);
  await vault.collection('messages').updateOne({ id: 'd-0' }, { $set: { content: 'a zebra of another größe' } });
  const after = await ask(search);
  expect(after).not.toEqual(before);
  expect(after).toEqual(await ask(startSearch(vault, 'scan')));
});

test('the index is kept across restarts and only what changed is read again', async () => {
  const vault = await newVault();
  await addChat(vault, 'c', 'Kept', ['one', 'two']);
  const first = startSearch(vault);
  await first.settled();
  await first.close();
  await vault.collection('messages').deleteOne({ id: 'c-0' });
  await addChat(vault, 'd', 'Added meanwhile', ['three']);
  const second = startSearch(vault);
  expect(await idsFound(second, 'two')).toEqual(['c-1']);
  expect(await idsFound(second, 'one')).toEqual([]);
  expect(await idsFound(second, 'meanwhile')).toEqual(['d']);
  await second.close();
  const seen: string[] = [];
  const third = startSearch(vault);
  third.onCoverage(({ indexed, total }) => void seen.push(`${indexed}/${total}`));
  await third.settled();
  // Covered from the first word on: nothing had to be read.
  expect(seen).toEqual(['4/4']);
});

test('removing the folder of the index loses nothing', async () => {
  const vault = await newVault();
  await addChat(vault, 'c', '', ['one']);
  const search = startSearch(vault);
  expect(await idsFound(search, 'one')).toEqual(['c-0']);
  await search.close();
  rmSync(join(vault.root, '_search'), { recursive: true });
  expect(await idsFound(startSearch(vault), 'one')).toEqual(['c-0']);
  expect(existsSync(join(vault.root, '_search'))).toBe(true);
});

test('answers come while the index is being built, and coverage says how far it is', async () => {
  const vault = await newVault();
  const texts = Array.from({ length: 2000 }, (_, at) => `message ${at} ${'with some words to be indexed '.repeat(40)}`);
  await addChat(vault, 'c', 'Long talk', texts);
  const search = startSearch(vault);
  const states: string[] = [];
  search.onCoverage(({ state }) => void states.push(state));
  await expect(search.query('anything', { limit: 5 })).resolves.toMatchObject({ coverage: { state: 'building' } });
  await search.settled();
  expect(states.at(-1)).toBe('ready');
  expect((await search.query('message 1999', { limit: 5 })).hits[0]?.id).toBe('c-1999');
});
