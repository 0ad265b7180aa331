import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FtsEngine } from '../../../main/search/fts-engine.ts';
import { parseQuery } from '../../../main/search/query.ts';
import { loadSqlite } from '../../../main/search/sqlite.ts';
import type { VaultFile } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const day = 'data/messages/2026/02/01';

interface Line {
  readonly id: string;
  readonly content?: string;
  readonly rev: string;
  readonly del?: true;
}

function lineOf({ id, content = '', rev, del }: Line): string {
  const at = '2026-02-01T00:00:00.000Z';
  const meta = del ? { rev, del } : { rev };
  return `${JSON.stringify({ id, conversation_id: 'c', role: 'user', content, created_at: at, _meta: meta })}\n`;
}

/** An engine over files that the test writes by hand. */
function open() {
  const sqlite = loadSqlite();
  if (!sqlite) throw new Error('this Node has no SQLite');
  const root = tempFolder();
  const engine = new FtsEngine(sqlite, root, join(root, '_search'));
  onTestFinished(() => engine.close());
  let generation = 0;
  const write = (name: string, ...lines: readonly Line[]): void => {
    mkdirSync(dirname(join(root, day, name)), { recursive: true });
    writeFileSync(join(root, day, name), lines.map(lineOf).join(''));
  };
  const sync = (...names: readonly string[]): void => {
    const files = names.map((name): VaultFile => {
      const path = `${day}/${name}`;
      const { size, mtimeNs } = statSync(join(root, path), { bigint: true });
      return { collection: 'messages', path, bytes: Number(size), signature: `${size}-${mtimeNs}`, records: 1 };
    });
    engine.list({ generation: (generation += 1), collections: ['messages'], files, isLast: true });
    while (engine.work(1000));
    expect(engine.isSettled()).toBe(true);
  };
  const find = async (text: string): Promise<string[]> => {
    const request = { query: parseQuery(text), limit: 10, collections: null, nowMs: 0 };
    const found = await engine.find(request, () => Promise.resolve());
    return found.map(({ id, path, start, length }) => {
      // Each place must hold the record itself.
      const bytes = readFileSync(join(root, path)).subarray(start, start + length);
      expect(JSON.parse(bytes.toString())).toMatchObject({ id });
      return id;
    });
  };
  return {
    root,
    write,
    sync,
    find,
    append: (name: string, text: string) => appendFileSync(join(root, day, name), text),
  };
}

test('lines appended to a log supersede, delete and add', async () => {
  const { write, sync, find, append } = open();
  write('c.ndjson', { id: 'a', content: 'one', rev: '1' }, { id: 'b', content: 'two', rev: '1' });
  sync('c.ndjson');
  append('c.ndjson', lineOf({ id: 'a', content: 'three', rev: '2' }) + lineOf({ id: 'b', rev: '2', del: true }));
  append('c.ndjson', lineOf({ id: 'd', content: 'four', rev: '1' }));
  sync('c.ndjson');
  expect([await find('one'), await find('two'), await find('three'), await find('four')]).toEqual([
    [],
    [],
    ['a'],
    ['d'],
  ]);
});

test('a line without its end is not read until it is whole', async () => {
  const { write, sync, find, append } = open();
  const torn = lineOf({ id: 'b', content: 'two', rev: '1' });
  write('c.ndjson', { id: 'a', content: 'one', rev: '1' });
  append('c.ndjson', torn.slice(0, 40));
  sync('c.ndjson');
  expect([await find('one'), await find('two')]).toEqual([['a'], []]);
  append('c.ndjson', torn.slice(40));
  sync('c.ndjson');
  expect(await find('two')).toEqual(['b']);
});

test('a log that was rewritten, not grown, is read whole, even when it is longer', async () => {
  const { write, sync, find } = open();
  write('c.ndjson', { id: 'a', content: 'one', rev: '1' }, { id: 'b', content: 'two', rev: '1' });
  sync('c.ndjson');
  write(
    'c.ndjson',
    { id: 'b', content: 'two', rev: '1' },
    { id: 'c', content: 'something longer than before', rev: '1' },
  );
  sync('c.ndjson');
  expect([await find('one'), await find('two'), await find('longer')]).toEqual([[], ['b'], ['c']]);
});

test('a record that moved to another file is found there, whichever file is read first', async () => {
  const { root, write, sync, find } = open();
  write('c.ndjson', { id: 'a', content: 'one', rev: '1' });
  sync('c.ndjson');
  write('d.ndjson', { id: 'a', content: 'one', rev: '1' });
  rmSync(join(root, day, 'c.ndjson'));
  sync('d.ndjson');
  expect(await find('one')).toEqual(['a']);
  sync();
  expect(await find('one')).toEqual([]);
});

test('damaged lines leave the rest findable', async () => {
  const { write, sync, find, append } = open();
  write('c.ndjson', { id: 'a', content: 'one', rev: '1' });
  append('c.ndjson', 'not json\n{"no":"id"}\n[]\n');
  append('c.ndjson', lineOf({ id: 'b', content: 'two', rev: '1' }));
  sync('c.ndjson');
  expect([await find('one'), await find('two')]).toEqual([['a'], ['b']]);
});

test('of a word in very many records, the newest of a new index count, and what came later', async () => {
  const { write, sync, find, append } = open();
  const texts = Array.from({ length: 2500 }, (_, at): Line => ({ id: `m${at}`, content: 'common', rev: '1' }));
  // A new index takes the newest files first; here the lines of one stand for them.
  write('c.ndjson', { id: 'first', content: 'common common common', rev: '1' }, ...texts);
  sync('c.ndjson');
  expect((await find('common'))[0]).toBe('first');
  append('c.ndjson', lineOf({ id: 'last', content: 'common common common common', rev: '1' }));
  sync('c.ndjson');
  expect((await find('common')).slice(0, 2).sort()).toEqual(['first', 'last']);
});
