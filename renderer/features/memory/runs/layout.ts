/** A step of a run, drawn as a box. */
export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly status: string | undefined;
  /** As it came. */
  readonly raw: unknown;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** From one node's id to another's. */
  readonly edges: readonly (readonly [string, string])[];
}

export interface Placed {
  readonly node: GraphNode;
  /** The box's upper left corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly { readonly from: Placed; readonly to: Placed }[];
}

export const box = { width: 148, height: 44, gapX: 20, gapY: 44, margin: 4 } as const;
const sweeps = 4;

/**
 * Places the steps in layers, each below all that lead to it, and orders a layer so that its lines cross little: each box
 * goes to the middle of those it hangs on. Lines that lead back in a circle are drawn, but place nothing.
 */
export function layoutOf({ nodes, edges }: Graph): Layout {
  const forward = withoutCircles(nodes, edges);
  const layers = layersOf(nodes, forward);
  for (let sweep = 0; sweep < sweeps; sweep += 1) order(layers, forward, sweep % 2 === 0);
  const widest = Math.max(1, ...layers.map((layer) => layer.length));
  const width = widest * (box.width + box.gapX) - box.gapX + 2 * box.margin;
  const placed = layers.flatMap((layer, depth) => {
    const inset = (width - (layer.length * (box.width + box.gapX) - box.gapX)) / 2;
    return layer.map((node, at): Placed => ({
      node,
      x: inset + at * (box.width + box.gapX),
      y: box.margin + depth * (box.height + box.gapY),
    }));
  });
  const byId = new Map(placed.map((each) => [each.node.id, each]));
  return {
    width,
    height: layers.length * (box.height + box.gapY) - box.gapY + 2 * box.margin,
    nodes: placed,
    edges: edges.flatMap(([a, b]) => {
      const [from, to] = [byId.get(a), byId.get(b)];
      return from && to ? [{ from, to }] : [];
    }),
  };
}

/** The lines without those that close a circle, as a walk from each node meets them. */
function withoutCircles(nodes: Graph['nodes'], edges: Graph['edges']): Graph['edges'] {
  const next = groupBy(edges, ([from]) => from);
  const state = new Map<string, 'open' | 'done'>();
  const kept: (readonly [string, string])[] = [];
  for (const { id } of nodes) {
    if (state.has(id)) continue;
    state.set(id, 'open');
    // A stack of our own: a run may be longer than the engine's goes deep.
    const stack = [{ id, at: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = next.get(top.id)?.[top.at++];
      if (!edge) {
        state.set(top.id, 'done');
        stack.pop();
      } else if (state.get(edge[1]) !== 'open') {
        kept.push(edge);
        if (!state.has(edge[1])) {
          state.set(edge[1], 'open');
          stack.push({ id: edge[1], at: 0 });
        }
      }
    }
  }
  return kept;
}

/** Each node in the layer after the last of those that lead to it. */
function layersOf(nodes: Graph['nodes'], edges: Graph['edges']): GraphNode[][] {
  const depths = new Map(nodes.map(({ id }) => [id, 0]));
  const waiting = new Map(nodes.map(({ id }) => [id, 0]));
  for (const [, to] of edges) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const next = groupBy(edges, ([from]) => from);
  const ready = nodes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id);
  for (const id of ready) {
    for (const [, to] of next.get(id) ?? []) {
      depths.set(to, Math.max(depths.get(to) ?? 0, (depths.get(id) ?? 0) + 1));
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  const layers: GraphNode[][] = [];
  for (const node of nodes) (layers[depths.get(node.id) ?? 0] ??= []).push(node);
  // Every layer has a node: each is one below another.
  return layers;
}

/** Puts each node of a layer where its neighbours in the layer before (or after) stand on average. */
function order(layers: GraphNode[][], edges: Graph['edges'], isDown: boolean): void {
  const neighbours = isDown ? groupBy(edges, ([, to]) => to) : groupBy(edges, ([from]) => from);
  const places = new Map<string, number>();
  const note = (layer: readonly GraphNode[]): void =>
    layer.forEach(({ id }, at) => places.set(id, (at + 0.5) / layer.length));
  for (const layer of layers) note(layer);
  for (const layer of isDown ? layers : layers.toReversed()) {
    const middles = new Map(layer.map(({ id }) => [id, middleOf(id, neighbours, places, isDown)]));
    layer.sort((a, b) => (middles.get(a.id) ?? 0) - (middles.get(b.id) ?? 0));
    note(layer);
  }
}

function middleOf(
  id: string,
  neighbours: ReadonlyMap<string, readonly (readonly [string, string])[]>,
  places: ReadonlyMap<string, number>,
  isDown: boolean,
): number {
  const theirs = (neighbours.get(id) ?? []).map(([from, to]) => places.get(isDown ? from : to) ?? 0);
  if (theirs.length === 0) return places.get(id) ?? 0;
  return theirs.reduce((sum, place) => sum + place, 0) / theirs.length;
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
