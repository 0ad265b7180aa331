import type { z } from 'zod';
import type { ThreadMessage } from '../../shared/ipc/models.ts';
import { buildForest, newestLeaf, pathTo, type Forest, type Node } from './forest.ts';
import type { MessageRecord } from './records.ts';

/** One way through a conversation's messages, from the first to a leaf. */
export interface Branch {
  /** All messages on it, hidden ones included. */
  readonly path: readonly Node[];
  /** What is shown of it. */
  readonly visible: readonly Node[];
  readonly leaf: Node | null;
}

export interface ThreadWindow {
  readonly total: number;
  readonly offset: number;
  readonly messages: z.infer<typeof ThreadMessage>[];
  readonly hidden: number;
}

export interface WindowRequest {
  readonly around?: string | undefined;
  readonly offset?: number | undefined;
  readonly limit: number;
}

/** Hidden by the program it came from, or an instruction to the assistant: kept and found, not shown in the thread. */
export function isLeftOut(message: MessageRecord): boolean {
  return message.hidden === true || message.role === 'system';
}

/**
 * The branch through the chosen message, going on to its newest leaf: what another program has answered since the
 * choice is shown too. Without a choice, or when the chosen message is gone, the branch of the newest message.
 */
export function branchThrough(forest: Forest, chosen: string | null | undefined): Branch {
  const start = (chosen == null ? undefined : forest.byId.get(chosen)) ?? forest.nodes.at(-1);
  if (!start) return { path: [], visible: [], leaf: null };
  const leaf = newestLeaf(start);
  const path = pathTo(leaf);
  return { path, visible: path.filter((node) => !isLeftOut(node.message)), leaf };
}

/** The branch on which a message can be seen: the chosen one if it is there, else the one through the message. */
export function branchShowing(forest: Forest, chosen: string | null | undefined, messageId: string): Branch {
  const branch = branchThrough(forest, chosen);
  return branch.path.some((node) => node.message.id === messageId) ? branch : branchThrough(forest, messageId);
}

/** The chosen branch's messages as a person reads them, oldest first. */
export function visibleMessages(
  messages: readonly MessageRecord[],
  chosen: string | null | undefined,
): MessageRecord[] {
  return branchThrough(buildForest(messages), chosen).visible.map((node) => node.message);
}

/** Part of a branch: around a message, from an offset, or its end. */
export function windowOf(forest: Forest, branch: Branch, request: WindowRequest): ThreadWindow {
  const total = branch.visible.length;
  const last = Math.max(0, total - request.limit);
  const offset = Math.min(windowStart(branch, request, last), total);
  const siblings = siblingsFinder(forest);
  return {
    total,
    offset,
    messages: branch.visible
      .slice(offset, offset + request.limit)
      .map((node) => threadMessage(node.message, siblings(node))),
    hidden: branch.path.length - total,
  };
}

function windowStart(branch: Branch, request: WindowRequest, last: number): number {
  if (request.around === undefined) return request.offset ?? last;
  const place = branch.path.findIndex((node) => node.message.id === request.around);
  if (place < 0) return last;
  // A hidden message has no place of its own: the window stands where it would be.
  const before = branch.path.slice(0, place).filter((node) => !isLeftOut(node.message)).length;
  return Math.max(0, Math.min(before - Math.floor(request.limit / 2), last));
}

/**
 * Messages that stand at the same place: those whose nearest shown ancestor is the same. Hidden messages between
 * (instructions, tool traffic) do not hide a branch point from the reader.
 */
function siblingsFinder(forest: Forest): (node: Node) => string[] {
  const known = new Map<Node | null, string[]>();
  const roots = forest.nodes.filter((node) => node.parent === null);
  return (node) => {
    let ancestor = node.parent;
    while (ancestor && isLeftOut(ancestor.message)) ancestor = ancestor.parent;
    let ids = known.get(ancestor);
    if (!ids) known.set(ancestor, (ids = shownBelow(ancestor?.children ?? roots)));
    return ids;
  };
}

function shownBelow(children: readonly Node[]): string[] {
  const shown: Node[] = [];
  const waiting = [...children];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (isLeftOut(node.message)) waiting.push(...node.children);
    else shown.push(node);
  }
  return shown
    .reverse()
    .sort((a, b) => a.timeMs - b.timeMs)
    .map((node) => node.message.id);
}

function threadMessage(message: MessageRecord, siblings: string[]): z.infer<typeof ThreadMessage> {
  return {
    id: message.id,
    role: message.role,
    content: message.content,
    created_at: message.created_at,
    author_name: message.author_name ?? null,
    model: message.model ?? null,
    citations: message.source_citations ?? [],
    siblings,
  };
}
