import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogRows } from '../../../main/store/log-rows.ts';
import type { LogFile, Row } from '../../../main/store/row.ts';

const files: readonly LogFile[] = ['a', 'b', 'c'].map((stream) => ({
  path: `2026/01/01/${stream}.ndjson`,
  stream,
  size: 0,
  crc: 0,
  live: 0,
  owed: 0,
}));

/** Mostly nothing: most rows are such as the columns hold. */
const rarely = <T>(...values: T[]): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...values) });
const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Array.from({ length: 30 }, (_, at) => `id-${at}`)) },
  { weight: 1, arbitrary: fc.constantFrom('größe', '名', 'x'.repeat(300), 'a'.repeat(255)) },
);
const time = fc.oneof(
  { weight: 6, arbitrary: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }) },
  { weight: 1, arbitrary: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T01:00:00.000+01:00', 'once') },
);
const text = time.map((value) => (typeof value === 'string' ? value : value.toISOString()));
const fields = fc.constantFrom({}, { source: { import_id: 'i' } }, { source: { import_id: 'j' } }, { model: 'm' });
const row = fc
  .record({ id, created: text, updated: text, fields, file: fc.nat(2), offset: fc.nat(1e9), length: fc.nat(1e6) })
  .chain((parts) =>
    fc.record({
      parts: fc.constant(parts),
      stray: rarely<string | number>('elsewhere', 7),
      pending: rarely('{}'),
    }),
  )
  .map(({ parts, stray, pending }): Row => {
    const file = files[parts.file] as LogFile;
    return {
      view: {
        id: parts.id,
        created_at: parts.created,
        updated_at: parts.updated,
        conversation_id: stray ?? file.stream,
        ...parts.fields,
      },
      place: { file, offset: parts.offset, length: parts.length, ...(pending !== undefined && { pending }) },
    };
  });
const step = fc.oneof(
  { weight: 4, arbitrary: row.map((value) => ({ put: value })) },
  { weight: 1, arbitrary: id.map((value) => ({ remove: value })) },
);

test('rows come back as they were put, whatever was put, replaced and removed before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const rows = new LogRows('conversation_id');
      const model = new Map<string, Row>();
      for (const each of steps) {
        if ('put' in each) {
          rows.set(each.put.view.id, each.put);
          model.delete(each.put.view.id);
          model.set(each.put.view.id, each.put);
        } else expect(rows.delete(each.remove)).toBe(model.delete(each.remove));
      }
      expect(rows.size).toBe(model.size);
      expect([...rows.keys()].sort()).toEqual([...model.keys()].sort());
      for (const [key, held] of model) expect(rows.get(key)).toEqual(held);
      expect([...rows.values()]).toHaveLength(model.size);
      const loose = new Set([...rows.loose()].map(({ view }) => view.id));
      for (const file of files) {
        const inFile = [...model.values()].filter(({ view, place }) => place.file === file && !loose.has(view.id));
        expect([...rows.idsIn(file)]).toEqual(inFile.map(({ view }) => view.id));
        expect(rows.countIn(file)).toBe(inFile.length);
      }
    }),
    { numRuns: 300 },
  );
});

test('a hundred thousand rows take little of the heap, and each is found', () => {
  const rows = new LogRows('conversation_id');
  const file = files[0] as LogFile;
  const heapBefore = process.memoryUsage().heapUsed;
  for (let at = 0; at < 100_000; at += 1) {
    rows.append({ id: `m-${at}`, file, offset: at, length: 1, created: at, updated: at, fields: {} });
  }
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(60e6);
  for (let at = 0; at < 100_000; at += 997) expect(rows.get(`m-${at}`)?.place).toEqual({ file, offset: at, length: 1 });
  expect(rows.get('m-100000')).toBeUndefined();
});

test('an id that is there is refused rather than held twice', () => {
  const rows = new LogRows('conversation_id');
  const row = { id: 'm', file: files[0] as LogFile, offset: 0, length: 1, created: 0, updated: 0, fields: {} };
  rows.append(row);
  expect(() => rows.append(row)).toThrow('already');
});
