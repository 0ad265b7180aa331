import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ParsedMessage, ParsedNode } from '../../../main/transfer/formats/types.ts';
import { resolveTree } from '../../../main/transfer/resolve-tree.ts';

const FALLBACK = '2020-01-01T00:00:00.000Z';

function message(createdAt: string | null): ParsedMessage {
  return {
    role: 'user',
    content: [],
    createdAt,
    updatedAt: null,
    hidden: false,
    authorName: null,
    model: null,
    citations: [],
    extra: {},
    raw: null,
  };
}

/** `minute` null: a node without a message; undefined: a message without a time. */
function node(id: string, parent: string | null, minute?: number | null): ParsedNode {
  const time = minute == null ? null : `2021-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
  return { id, parent, message: minute === null ? null : message(time) };
}

function shape(nodes: readonly ParsedNode[], current: string | null = null): { tree: string[]; leaf: string | null } {
  const { messages, leaf } = resolveTree(nodes, current, FALLBACK);
  return { tree: messages.map(({ id, parent }) => `${parent ?? '·'}>${id}`), leaf };
}

test('nodes without a message are passed through, and their children join the message above', () => {
  const nodes = [
    node('root', null, null),
    node('a', 'root', 1),
    node('gap', 'a', null),
    node('gap2', 'gap', null),
    node('b', 'gap2', 2),
  ];
  expect(shape(nodes)).toEqual({ tree: ['·>a', 'a>b'], leaf: 'b' });
});

test('the chosen leaf is kept, and on a node without a message it is the message above', () => {
  const nodes = [node('a', null, 1), node('b', 'a', 2), node('c', 'a', 3), node('gap', 'b', null)];
  expect(shape(nodes, 'b').leaf).toBe('b');
  expect(shape(nodes, 'gap').leaf).toBe('b');
  expect(shape(nodes, 'nowhere').leaf).toBe('c');
});

test('a message without a time has that of the nearest message above it, and a root that of the conversation', () => {
  const nodes = [node('a', null), node('b', 'a', 5), node('gap', 'b', null), node('c', 'gap')];
  const times = resolveTree(nodes, null, FALLBACK).messages.map(({ id, createdAt }) => [id, createdAt.slice(0, 16)]);
  expect(times).toEqual([
    ['a', '2020-01-01T00:00'],
    ['b', '2021-01-01T00:05'],
    ['c', '2021-01-01T00:05'],
  ]);
});

test('a missing parent makes a root, and a cycle is cut above its first node', () => {
  const nodes = [
    node('a', 'gone', 1),
    node('x', 'z', 2),
    node('y', 'x', 3),
    node('z', 'y', 4),
    node('tail', 'z', 5),
    node('self', 'self', 6),
  ];
  expect(shape(nodes)).toEqual({ tree: ['·>a', '·>x', 'x>y', 'y>z', 'z>tail', '·>self'], leaf: 'self' });
});

test('an answer dated before its question still comes after it', () => {
  expect(shape([node('q', null, 9), node('a', 'q', 3), node('b', 'a', 4)]).tree).toEqual(['·>q', 'q>a', 'a>b']);
});

test('whatever the nodes, every message is placed once, below messages that were placed before it', () => {
  const anId = fc.integer({ min: 0, max: 12 }).map(String);
  const aNode = fc.record({
    id: anId,
    parent: fc.option(anId),
    minute: fc.option(fc.integer({ min: 0, max: 59 }), { nil: null }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(aNode, { selector: ({ id }) => id, maxLength: 12 }),
      fc.option(anId),
      (plain, current) => {
        const nodes = plain.map(({ id, parent, minute }) => node(id, parent, minute));
        const { messages, leaf } = resolveTree(nodes, current, FALLBACK);
        const expected = nodes.filter((entry) => entry.message).map(({ id }) => id);
        expect(messages.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
        const placed = new Set<string | null>([null]);
        for (const { id, parent } of messages) {
          expect(placed.has(parent)).toBe(true);
          placed.add(id);
        }
        expect(leaf === null).toBe(expected.length === 0);
        expect(placed.has(leaf)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
