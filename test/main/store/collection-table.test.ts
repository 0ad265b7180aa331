import { expect, test } from 'vitest';
import { registry } from '../../../shared/collections/registry.ts';
import { CollectionTable } from '../../../main/store/collection-table.ts';
import type { Place, Row } from '../../../main/store/row.ts';

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
