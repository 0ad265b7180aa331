import { expect, test } from 'vitest';
import type { StoredRecord } from '../../../main/records/stored-record.ts';
import { baseOf } from '../../../main/sync/base.ts';
import { type Past, decide as decideOn, type Verdict } from '../../../main/sync/decide.ts';
import { foreignVersion } from '../../../main/sync/foreign.ts';
import type { LocalState } from '../../../main/sync/ports.ts';
import { definitionOf, memory, T0, versionMaker } from './versions.ts';

let now = T0;
const [here, there] = [
  versionMaker('here', { now: () => (now += 1) }),
  versionMaker('there', { now: () => (now += 1) }),
];
const v = (text: string, parent?: StoredRecord, maker = here): StoredRecord =>
  maker.version('memories', 'm1', memory(text), parent?._meta);
const state = (local: StoredRecord | null, base: StoredRecord | null): LocalState => ({
  local,
  base: base && baseOf(base),
  baseRecord: base,
});

const fine: Past = { isBegunAnew: false, isUnbroken: true, replica: 'here' };
const decide = (known: LocalState, remote: StoredRecord, past = fine): Verdict => decideOn(known, remote, past);

const first = v('one');
const second = v('two', first);
const third = v('three', second, there);

test('reliability.md §3.4, row by row', () => {
  const edit = v('edit', first);
  const fork = v('fork', first, there);
  const unrelated = v('unrelated', undefined, there);
  expect(decide(state(null, null), first)).toEqual({ kind: 'take' });
  expect(decide(state(first, null), first)).toEqual({ kind: 'clean' });
  expect(decide(state(edit, first), first)).toEqual({ kind: 'nothing' });
  expect(decide(state(second, first), third)).toEqual({ kind: 'take' });
  expect(decide(state(third, third), first)).toEqual({ kind: 'keep' });
  expect(decide(state(first, first), fork)).toEqual({ kind: 'take' });
  expect(decide(state(edit, first), fork)).toEqual({ kind: 'merge', base: first });
  expect(decide(state(edit, first), unrelated)).toEqual({ kind: 'merge', base: null });
});

test('our own version whose answer was lost, and which we edited since, is built upon', () => {
  expect(decide(state(v('later', second), first), second)).toEqual({ kind: 'keep' });
});

test('a history longer than its list is still a history', () => {
  let long = first;
  for (let n = 0; n < 30; n += 1) long = v(`edit ${n}`, long, there);
  expect(long._meta.anc).not.toContain(first._meta.rev);
  expect(decide(state(first, first), long)).toEqual({ kind: 'take' });
  expect(decide(state(v('mine', first), first), long)).toEqual({ kind: 'merge', base: first });
});

test('on a server that may have been set back, distance is no descent: our value would be lost', () => {
  // Ours stood on the server; it was set back to what was before, and somebody else went on from there.
  const ours = v('ours', first);
  let theirs = first;
  for (let n = 0; n < 30; n += 1) theirs = v(`edit ${n}`, theirs, there);
  for (const past of [
    { ...fine, isUnbroken: false },
    { ...fine, isBegunAnew: true },
  ]) {
    expect(decide(state(ours, ours), theirs, past)).toEqual({ kind: 'merge', base: null });
    expect(decide(state(v('mine', ours), ours), theirs, past)).toEqual({ kind: 'merge', base: null });
    // Who wrote it keeps it: of the others nobody does it a second time.
    expect(decide(state(ours, ours), theirs, { ...past, replica: 'elsewhere' })).toEqual({ kind: 'take' });
    // What the list names is proof whatever happened.
    expect(decide(state(theirs, theirs), v('next', theirs, there), past)).toEqual({ kind: 'take' });
  }
});

test('a document that another program replaced whole is built on what stood there, unless it is older', () => {
  const at = (ms: number): StoredRecord => {
    const { _meta, ...body } = v('theirs');
    return foreignVersion(definitionOf('memories'), { ...body, updated_at: new Date(ms).toISOString() }, null);
  };
  expect(decide(state(first, first), at(now + 1000))).toEqual({ kind: 'take' });
  expect(decide(state(v('mine', first), first), at(now + 1000))).toEqual({ kind: 'merge', base: first });
  expect(decide(state(first, first), at(T0 - 1000))).toEqual({ kind: 'merge', base: null });
  // What we know is of another database, or of this one before it was set back: it may never have stood there.
  expect(decide(state(first, first), at(now + 1000), { ...fine, isBegunAnew: true })).toEqual({
    kind: 'merge',
    base: null,
  });
});

test('what the vault keeps to itself is only set aside', () => {
  const withdrawn = here.tombstone('memories', first);
  const withheld: LocalState = { ...state(withdrawn, first), withheld: true };
  expect(decide(withheld, first)).toEqual({ kind: 'nothing' });
  expect(decide(withheld, v('theirs', first, there))).toEqual({ kind: 'aside' });
  expect(decide(withheld, withdrawn)).toEqual({ kind: 'clean' });
  expect(decide({ ...withheld, base: baseOf(withdrawn) }, first)).toEqual({ kind: 'keep' });
});
