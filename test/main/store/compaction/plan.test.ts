import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { planOf } from '../../../../main/store/compaction/plan.ts';

const line = (id: string, hlc: number, isDeletion = false): string => {
  const time = '2026-01-01T12:00:00.000Z';
  const meta = { rev: `1-${id}${hlc}`, gen: 1, anc: [], hlc: `${hlc}`, sv: 1, by: { replica: 'r' }, sum: '' };
  const _meta = isDeletion ? { ...meta, del: true } : meta;
  return `${JSON.stringify({ id, created_at: time, updated_at: time, _meta })}\n`;
};

async function planned(...lines: string[]): Promise<string | null> {
  const plan = await planOf(Buffer.from(lines.join('')), async () => undefined);
  if (plan === null) return null;
  const bytes = Buffer.concat(plan.parts);
  expect([bytes.length, crc32(bytes)]).toEqual([plan.size, plan.crc]);
  const whole = lines.join('');
  for (const [from, to] of plan.offsets) {
    const end = whole.indexOf('\n', from) + 1;
    expect(bytes.toString().slice(to, to + end - from)).toBe(whole.slice(from, end));
  }
  return bytes.toString();
}

test('the last line of each record stays, where it stood among the others', async () => {
  expect(await planned(line('a', 1), line('b', 2), line('a', 3), line('c', 4))).toBe(
    line('b', 2) + line('a', 3) + line('c', 4),
  );
});

test('a tombstone goes with what it hid, and stays where it is the newest', async () => {
  expect(await planned(line('a', 1), line('a', 2, true), line('b', 3))).toBe(line('b', 3));
  expect(await planned(line('a', 1), line('b', 2), line('a', 3, true))).toBe(line('b', 2) + line('a', 3, true));
});

test('a superseded line with the newest stamp stays, hidden as it was', async () => {
  const deleted = [line('a', 9), line('a', 2, true), line('b', 3)];
  expect(await planned(...deleted)).toBe(deleted.join(''));
  const edited = [line('a', 9), line('a', 2), line('b', 3)];
  expect(await planned(...edited)).toBe(edited.join(''));
});

test('a record that came back after its deletion stays', async () => {
  expect(await planned(line('a', 1), line('a', 2, true), line('a', 3))).toBe(line('a', 3));
});

test('blank lines go; a line that is torn, damaged or of another program ends it', async () => {
  expect(await planned(line('a', 1), '\n', line('b', 2))).toBe(line('a', 1) + line('b', 2));
  for (const odd of ['{"id":"x"}\n', 'no JSON\n', line('b', 2).slice(0, -1)]) {
    expect(await planned(line('a', 1), odd)).toBeNull();
  }
});
