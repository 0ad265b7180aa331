import type { Graph, GraphNode } from './layout.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The names that programs give to the ends of a line, and to what a step is called. */
const fromNames = ['source', 'from', 'src', 'start', 'parent'] as const;
const toNames = ['target', 'to', 'dst', 'end', 'child'] as const;
const labelNames = ['label', 'name', 'title', 'type', 'tool', 'id'] as const;
const statusNames = ['status', 'state', 'result'] as const;

/**
 * Steps and lines in whatever shape they came. A step that only a line names is added; lines that name no steps, and
 * a step's line to itself, are left out.
 */
export function graphOf(nodes: readonly unknown[], edges: readonly unknown[]): Graph {
  const found = new Map<string, GraphNode>();
  for (const raw of nodes) {
    const node = nodeOf(raw);
    if (node && !found.has(node.id)) found.set(node.id, node);
  }
  const lines = new Map<string, readonly [string, string]>();
  for (const raw of edges) {
    const line = lineOf(raw);
    if (!line || line[0] === line[1]) continue;
    lines.set(JSON.stringify(line), line);
    for (const id of line) if (!found.has(id)) found.set(id, { id, label: id, status: undefined, raw: id });
  }
  return { nodes: [...found.values()], edges: [...lines.values()] };
}

function nodeOf(raw: unknown): GraphNode | undefined {
  if (typeof raw === 'string') return { id: raw, label: raw, status: undefined, raw };
  if (!isFields(raw)) return undefined;
  const id = raw['id'];
  if (typeof id !== 'string') return undefined;
  return { id, label: firstText(raw, labelNames) ?? id, status: firstText(raw, statusNames), raw };
}

function lineOf(raw: unknown): readonly [string, string] | undefined {
  const [from, to] = Array.isArray(raw)
    ? (raw as readonly unknown[])
    : isFields(raw)
      ? [firstText(raw, fromNames), firstText(raw, toNames)]
      : [];
  return typeof from === 'string' && typeof to === 'string' ? [from, to] : undefined;
}

function firstText(fields: Fields, names: readonly string[]): string | undefined {
  return names.map((name) => fields[name]).find((value): value is string => typeof value === 'string' && value !== '');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
