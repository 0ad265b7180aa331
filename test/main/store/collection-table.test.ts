import { expect, test } from 'vitest';
import { registry } from '../../../shared/collections/registry.ts';
import { CollectionTable } from '../../../main/store/collection-table.ts';
import type { LogFile, Place, Row } from '../../../main/store/row.ts';

const written = (length: number): Place => ({ file: null, length, crc: length });

function pendingVersion(text: string): Row {
  const at = '2026-01-01T00:00:00.000Z';
  return { view: { id: 'c', created_at: at, updated_at: at, title: text }, place: { ...written(0), pending: text } };
}

test('a version that came while the one before was being written is settled in its turn', () => {
  const table = new CollectionTable(registry.conversations, []);
  const [first, second] = [pendingVersion('first'), pendingVersion('second')];
  table.put(first);
  table.put(second);
  table.settle(first, written(5));
  expect(table.rows.get('c')).toEqual({ view: second.view, place: { ...written(5), pending: 'second' } });
  table.settle(second, written(6));
  expect(table.rows.get('c')).toEqual({ view: second.view, place: written(6) });
});

const at = '2026-01-01T00:00:00.000Z';
const line = (id: string): Row['view'] => ({ id, created_at: at, updated_at: at, conversation_id: 'c', role: 'user' });
const fileOf = (path: string): LogFile => ({ path, stream: 'c', size: 9, crc: 1, live: 0, owed: 0 });

test('a table that was read anew takes the place of the former one, its files and its indexes too', () => {
  const [table, fresh] = [new CollectionTable(registry.messages, []), new CollectionTable(registry.messages, [])];
  const [former, file] = [fileOf('former'), fileOf('2026/01/01/c.ndjson')];
  const plan = () => [...table.indexes.plan({ conversation_id: 'c' }).ids()];
  for (const [each, log, id] of [
    [table, former, 'old'],
    [fresh, file, 'new'],
  ] as const) {
    each.adoptLogFile(log);
    each.put({ view: line(id), place: { file: log, offset: 0, length: 9 } });
  }
  fresh.unreadable.set('2026/01/02/c.ndjson', 'EIO');
  expect(plan()).toEqual(['old']);
  const { version } = table;

  table.replaceWith(fresh);
  expect(plan()).toEqual(['new']);
  expect([...table.rows.keys()]).toEqual(['new']);
  expect([...table.logFiles]).toEqual([[file.path, { ...file, live: 1, owed: 0 }]]);
  expect([...table.unreadable]).toEqual([['2026/01/02/c.ndjson', 'EIO']]);
  expect(table.version).toBeGreaterThan(version);

  table.put({ view: line('more'), place: { file, offset: 9, length: 9 } });
  expect(plan().toSorted()).toEqual(['more', 'new']);
  table.forgetPath(file.path);
  expect(plan()).toEqual([]);
});
