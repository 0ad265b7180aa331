import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildForest } from '../../../main/conversations/forest.ts';
import type { MessageRecord } from '../../../main/conversations/records.ts';
import { branchShowing, branchThrough, visibleMessages, windowOf } from '../../../main/conversations/thread.ts';

type Extra = Partial<Pick<MessageRecord, 'role' | 'hidden' | 'content'>>;

/** `parent` undefined leaves the field out. */
function message(id: string, minute: number, parent?: string | null, extra: Extra = {}): MessageRecord {
  const at = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  return {
    id,
    conversation_id: 'c',
    role: 'user',
    content: id,
    created_at: at,
    updated_at: at,
    ...(parent === undefined ? {} : { parent_id: parent }),
    ...extra,
  };
}

const idsOf = (messages: readonly { id: string }[]): string => messages.map(({ id }) => id).join(' ');

/** A question that was edited (a, a2), an answer that was written twice (b, b2). */
const branched = [
  message('sys', 0, null, { role: 'system' }),
  message('a', 1, 'sys'),
  message('b', 2, 'a'),
  message('b2', 3, 'a'),
  message('c', 4, 'b2'),
  message('a2', 5, 'sys'),
  message('d', 6, 'a2'),
];

test('without a choice the branch of the newest message is shown', () => {
  expect(idsOf(visibleMessages(branched, null))).toBe('a2 d');
  expect(idsOf(visibleMessages(branched, 'is gone'))).toBe('a2 d');
});

test('the chosen leaf names the branch, and what was answered since is on it', () => {
  expect(idsOf(visibleMessages(branched, 'b'))).toBe('a b');
  expect(idsOf(visibleMessages(branched, 'b2'))).toBe('a b2 c');
  expect(idsOf(visibleMessages(branched, 'a'))).toBe('a b2 c');
});

test('siblings are counted through hidden messages between', () => {
  const messages = [
    message('q', 0, null),
    message('tool', 1, 'q', { role: 'assistant', hidden: true }),
    message('x', 2, 'tool'),
    message('y', 3, 'q'),
  ];
  const forest = buildForest(messages);
  const { messages: shown, hidden } = windowOf(forest, branchThrough(forest, 'x'), { limit: 10 });
  expect(shown.map(({ id, siblings }) => ({ id, siblings }))).toEqual([
    { id: 'q', siblings: ['q'] },
    { id: 'x', siblings: ['x', 'y'] },
  ]);
  expect(hidden).toBe(1);
});

test('roots are siblings of each other, through an instruction too', () => {
  const forest = buildForest(branched);
  const { messages } = windowOf(forest, branchThrough(forest, 'c'), { limit: 10 });
  expect(messages.map(({ siblings }) => idsOf(siblings.map((id) => ({ id }))))).toEqual(['a a2', 'b b2', 'c']);
});

test('a conversation in which nobody names a parent is one line in the order of time', () => {
  expect(idsOf(visibleMessages([message('b', 2), message('a', 1), message('c', 3)], null))).toBe('a b c');
  expect(idsOf(visibleMessages([message('b', 2, null), message('a', 1, null)], null))).toBe('a b');
});

test('a message without the field follows the one written before it', () => {
  const messages = [message('a', 1, null), message('b', 2, 'a'), message('from-a-bot', 3)];
  expect(idsOf(visibleMessages(messages, 'b'))).toBe('a b from-a-bot');
});

test('a lost parent does not cut off what came before, and its children stay siblings', () => {
  const messages = [message('a', 1, null), message('b', 2, 'a'), message('x', 3, 'lost'), message('y', 4, 'lost')];
  const forest = buildForest(messages);
  const { messages: shown } = windowOf(forest, branchThrough(forest, 'y'), { limit: 10 });
  expect(shown.map(({ id }) => id)).toEqual(['a', 'b', 'y']);
  expect(shown.at(-1)?.siblings).toEqual(['x', 'y']);
});

test('cycles are cut above their oldest message', () => {
  const messages = [message('a', 1, 'c'), message('b', 2, 'a'), message('c', 3, 'b'), message('self', 4, 'self')];
  expect(idsOf(visibleMessages(messages, 'c'))).toBe('a b c');
  expect(idsOf(visibleMessages(messages, 'self'))).toBe('self');
});

const line = Array.from({ length: 10 }, (_, at) => message(`m${at}`, at, at === 0 ? null : `m${at - 1}`));

test('windows: the end, from an offset, around a message', () => {
  const forest = buildForest(line);
  const branch = branchThrough(forest, null);
  const shown = (request: { around?: string; offset?: number }): string => {
    const window = windowOf(forest, branch, { limit: 3, ...request });
    return `${window.offset}/${window.total}: ${idsOf(window.messages)}`;
  };
  expect(shown({})).toBe('7/10: m7 m8 m9');
  expect(shown({ offset: 2 })).toBe('2/10: m2 m3 m4');
  expect(shown({ offset: 99 })).toBe('10/10: ');
  expect(shown({ around: 'm5' })).toBe('4/10: m4 m5 m6');
  expect(shown({ around: 'm0' })).toBe('0/10: m0 m1 m2');
  expect(shown({ around: 'm9' })).toBe('7/10: m7 m8 m9');
});

test('a message on another branch is shown on its own', () => {
  const forest = buildForest(branched);
  expect(branchShowing(forest, 'd', 'b').leaf?.message.id).toBe('b');
  expect(branchShowing(forest, 'd', 'a2').leaf?.message.id).toBe('d');
});

test('a window around a hidden message stands where it would be', () => {
  const messages = line.map((entry) => (entry.id === 'm5' ? { ...entry, hidden: true } : entry));
  const forest = buildForest(messages);
  const window = windowOf(forest, branchShowing(forest, null, 'm5'), { limit: 2, around: 'm5' });
  expect(idsOf(window.messages)).toBe('m4 m6');
});

test('an empty conversation has an empty window', () => {
  const forest = buildForest([]);
  expect(windowOf(forest, branchThrough(forest, null), { limit: 5 })).toEqual({
    total: 0,
    offset: 0,
    messages: [],
    hidden: 0,
  });
});

test('whatever the parents are, each message can be shown, on a branch that starts at a root', () => {
  const ids = fc.constantFrom('0', '1', '2', '3', '4', '5', 'lost', 'gone');
  const parents = fc.array(fc.tuple(fc.option(ids, { nil: null }), fc.boolean(), fc.nat(3)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(parents, (specs) => {
      const messages = specs.map(([parent, isAbsent, minute], at) =>
        message(String(at), minute, isAbsent ? undefined : parent),
      );
      const forest = buildForest(messages);
      for (const { id } of messages) {
        const path = branchThrough(forest, id).path.map((node) => node.message.id);
        expect(path).toContain(id);
        expect(new Set(path).size).toBe(path.length);
      }
    }),
    { numRuns: 500 },
  );
});
