import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOf } from '../../../renderer/features/memory/runs/graph.ts';
import { box, layoutOf } from '../../../renderer/features/memory/runs/layout.ts';

test('steps and lines are read in the shapes that programs write', () => {
  const graph = graphOf(
    ['plan', { id: 'search', name: 'Search', status: 'failed' }, { id: 'plan' }, 7, { name: 'no id' }],
    [
      ['plan', 'search'],
      { source: 'search', target: 'answer' },
      { from: 'plan', to: 'plan' },
      ['plan', 'search'],
      {},
      3,
    ],
  );
  expect(graph.nodes.map(({ id, label, status }) => [id, label, status])).toEqual([
    ['plan', 'plan', undefined],
    ['search', 'Search', 'failed'],
    ['answer', 'answer', undefined],
  ]);
  expect(graph.edges).toEqual([
    ['plan', 'search'],
    ['search', 'answer'],
  ]);
});

test('each step stands below those that lead to it; circles do not stop it', () => {
  const { nodes } = layoutOf(
    graphOf(
      [],
      [
        ['a', 'b'],
        ['b', 'c'],
        ['a', 'c'],
        ['c', 'a'],
      ],
    ),
  );
  const y = Object.fromEntries(nodes.map((each) => [each.node.id, each.y]));
  expect([y['a'], y['b'], y['c']]).toEqual(Object.values(y).sort((a, b) => a - b));
});

test('lines do not cross where they need not', () => {
  const { nodes } = layoutOf(
    graphOf(
      ['a', 'b', 'x', 'y'],
      [
        ['a', 'y'],
        ['b', 'x'],
      ],
    ),
  );
  const x = Object.fromEntries(nodes.map((each) => [each.node.id, each.x]));
  expect((x['a'] ?? 0) < (x['b'] ?? 0)).toBe((x['y'] ?? 0) < (x['x'] ?? 0));
});

test('every step of any graph has a place of its own within the drawing', () => {
  const name = fc.integer({ min: 0, max: 30 }).map((n) => `n${n}`);
  fc.assert(
    fc.property(fc.array(name), fc.array(fc.tuple(name, name), { maxLength: 80 }), (names, edges) => {
      const graph = graphOf(names, edges);
      const { nodes, width, height } = layoutOf(graph);
      expect(new Set(nodes.map(({ node }) => node.id)).size).toBe(graph.nodes.length);
      expect(new Set(nodes.map(({ x, y }) => `${x}/${y}`)).size).toBe(graph.nodes.length);
      for (const { x, y } of nodes) {
        expect(x >= 0 && x + box.width <= width && y >= 0 && y + box.height <= height).toBe(true);
      }
    }),
  );
});

test('a run of many thousand steps in a row is placed', () => {
  const edges = Array.from({ length: 20_000 }, (_, n) => [`${n}`, `${n + 1}`]);
  expect(layoutOf(graphOf([], edges)).nodes).toHaveLength(20_001);
});
