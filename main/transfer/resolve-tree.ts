import type { ParsedMessage, ParsedNode } from './formats/types.ts';

/** A message in its place: joined to the nearest message above it, with a time in any case. */
export interface PlacedMessage {
  readonly id: string;
  /** Id of the message that it answers; null at a root. */
  readonly parent: string | null;
  readonly message: ParsedMessage;
  readonly createdAt: string;
}

export interface Tree {
  /** Parents before their children, else by time. */
  readonly messages: readonly PlacedMessage[];
  /** Where the chosen branch ends; null only where there is no message. */
  readonly leaf: string | null;
}

interface Visit {
  readonly node: ParsedNode;
  readonly parent: string | null;
  readonly time: string;
}

/**
 * Makes a tree of messages from an export's nodes, whatever these are like: nodes without a message are passed through,
 * a parent that is not there makes a root, a cycle is cut above the first of its nodes.
 * A message without a time gets that of the nearest message above it, and a root gets `fallbackTime`.
 */
export function resolveTree(nodes: readonly ParsedNode[], currentNode: string | null, fallbackTime: string): Tree {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = childrenOf(nodes, byId);
  const visited = new Set<ParsedNode>();
  const placed: PlacedMessage[] = [];
  for (const root of rootsOf(nodes, byId)) {
    const stack: Visit[] = [{ node: root, parent: null, time: fallbackTime }];
    for (let visit = stack.pop(); visit; visit = stack.pop()) {
      const { node, parent, time } = visit;
      if (visited.has(node)) continue;
      visited.add(node);
      const createdAt = node.message?.createdAt ?? time;
      if (node.message) placed.push({ id: node.id, parent, message: node.message, createdAt });
      const below = { parent: node.message ? node.id : parent, time: createdAt };
      for (const child of (children.get(node.id) ?? []).toReversed()) stack.push({ node: child, ...below });
    }
  }
  const messages = inTimeOrder(placed);
  return { messages, leaf: chosenLeaf(byId, currentNode) ?? newestLeaf(messages) };
}

function childrenOf(nodes: readonly ParsedNode[], byId: ReadonlyMap<string, ParsedNode>): Map<string, ParsedNode[]> {
  const children = new Map<string, ParsedNode[]>();
  for (const node of nodes) {
    if (node.parent === null || !byId.has(node.parent)) continue;
    const siblings = children.get(node.parent);
    if (siblings) siblings.push(node);
    else children.set(node.parent, [node]);
  }
  return children;
}

/** Nodes without a parent that exists, and the first node of each cycle. */
function rootsOf(nodes: readonly ParsedNode[], byId: ReadonlyMap<string, ParsedNode>): ParsedNode[] {
  const roots: ParsedNode[] = [];
  const settled = new Set<ParsedNode>();
  const inCycle: ParsedNode[] = [];
  for (const start of nodes) {
    const trail = new Set<ParsedNode>();
    let at: ParsedNode | undefined = start;
    while (at && !settled.has(at) && !trail.has(at)) {
      trail.add(at);
      const next: ParsedNode | undefined = at.parent === null ? undefined : byId.get(at.parent);
      if (!next) roots.push(at);
      at = next;
    }
    if (at && trail.has(at)) inCycle.push(firstOfCycle(at, nodes, byId));
    for (const node of trail) settled.add(node);
  }
  return [...roots, ...inCycle];
}

function firstOfCycle(
  member: ParsedNode,
  nodes: readonly ParsedNode[],
  byId: ReadonlyMap<string, ParsedNode>,
): ParsedNode {
  const cycle = new Set<ParsedNode>();
  for (let at: ParsedNode | undefined = member; at && !cycle.has(at); at = byId.get(at.parent ?? '')) cycle.add(at);
  return nodes.find((node) => cycle.has(node)) ?? member;
}

/** By time, but never before the message it answers: exports date some answers before their question. */
function inTimeOrder(placed: readonly PlacedMessage[]): PlacedMessage[] {
  const times = new Map<string, string>();
  for (const { id, parent, createdAt } of placed) {
    const above = parent === null ? '' : (times.get(parent) ?? '');
    times.set(id, above > createdAt ? above : createdAt);
  }
  const timeOf = (message: PlacedMessage): string => times.get(message.id) ?? '';
  return placed.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0));
}

function chosenLeaf(byId: ReadonlyMap<string, ParsedNode>, currentNode: string | null): string | null {
  const seen = new Set<ParsedNode>();
  let node = byId.get(currentNode ?? '');
  while (node && !node.message && !seen.has(node)) {
    seen.add(node);
    node = byId.get(node.parent ?? '');
  }
  return node?.message ? node.id : null;
}

/** The newest message that nothing answers; of several the last one. */
function newestLeaf(messages: readonly PlacedMessage[]): string | null {
  const answered = new Set(messages.map((message) => message.parent));
  let newest: PlacedMessage | null = null;
  for (const message of messages) {
    if (answered.has(message.id)) continue;
    if (!newest || message.createdAt >= newest.createdAt) newest = message;
  }
  return newest?.id ?? null;
}
