import { must } from '../../shared/assert.ts';
import type { MessageRecord } from './records.ts';

export interface Node {
  readonly message: MessageRecord;
  /** Milliseconds since 1970 of created_at. */
  readonly timeMs: number;
  parent: Node | null;
  /** Oldest first. */
  readonly children: Node[];
}

/** The messages of one conversation as trees. Every message is in it exactly once, and there are no cycles. */
export interface Forest {
  /** By created_at; equal times keep the order in which they were given. */
  readonly nodes: readonly Node[];
  readonly byId: ReadonlyMap<string, Node>;
}

/**
 * Builds the trees from `parent_id`, whatever the data is like:
 * - no message names a parent: one line in the order of time (seeds 001 and 003 know no branches);
 * - `parent_id: null` is a root; absent means that it follows the message written before it;
 * - a parent that is not there: all messages that name it continue after what was written before the first of them;
 * - a cycle is cut above its oldest message.
 */
export function buildForest(messages: readonly MessageRecord[]): Forest {
  const nodes = messages
    .map((message): Node => ({ message, timeMs: Date.parse(message.created_at) || 0, parent: null, children: [] }))
    .sort((a, b) => a.timeMs - b.timeMs);
  const byId = new Map(nodes.map((node) => [node.message.id, node]));
  const isLinear = !messages.some((message) => message.parent_id != null);
  const lostParents = new Map<string, Node | null>();
  let previous: Node | null = null;
  for (const node of nodes) {
    const named = isLinear ? undefined : node.message.parent_id;
    if (named === undefined) node.parent = previous;
    else if (named !== null) node.parent = byId.get(named) ?? standIn(lostParents, named, previous);
    previous = node;
  }
  cutCycles(nodes);
  for (const node of nodes) node.parent?.children.push(node);
  return { nodes, byId };
}

function standIn(lostParents: Map<string, Node | null>, named: string, previous: Node | null): Node | null {
  if (!lostParents.has(named)) lostParents.set(named, previous);
  return lostParents.get(named) ?? null;
}

/** Walks up from each message, oldest first; meeting one's own trail is a cycle, whose oldest member becomes a root. */
function cutCycles(nodes: readonly Node[]): void {
  const done = new Set<Node>();
  for (const start of nodes) {
    const trail = new Set<Node>();
    let at: Node | null = start;
    while (at && !done.has(at) && !trail.has(at)) {
      trail.add(at);
      at = at.parent;
    }
    if (at && trail.has(at)) oldestOfCycle(at).parent = null;
    for (const node of trail) done.add(node);
  }
}

function oldestOfCycle(member: Node): Node {
  let oldest = member;
  for (
    let at = must(member.parent, 'a parent in a cycle');
    at !== member;
    at = must(at.parent, 'a parent in a cycle')
  ) {
    if (at.timeMs < oldest.timeMs) oldest = at;
  }
  return oldest;
}

/** From the root down to this node. */
export function pathTo(node: Node): Node[] {
  const path: Node[] = [];
  for (let at: Node | null = node; at; at = at.parent) path.push(at);
  return path.reverse();
}

/** The newest message without answers among this one and all that follow it; of equally new ones the last written. */
export function newestLeaf(from: Node): Node {
  let newest: Node | null = null;
  const waiting = [from];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.children.length === 0 && (newest === null || node.timeMs > newest.timeMs)) newest = node;
    // Popped from the end: the youngest child comes first, so that it wins among equals.
    waiting.push(...node.children);
  }
  return newest ?? from;
}
