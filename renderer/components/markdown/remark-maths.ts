import type { Code, Root, RootContent, Text } from 'mdast';
import { placeholder, restoreMaths, type Formula } from './extract-maths.ts';

/**
 * Puts the formulas of `extractMaths` back into the tree: as `<code class="math-inline|math-display">` holding the TeX
 * where prose stands, as their source everywhere else (code, addresses, alternative texts).
 */
export function remarkMaths({ formulas }: { readonly formulas: readonly Formula[] }) {
  return (root: Root): void => {
    if (formulas.length > 0) putBack(root, formulas, false);
  };
}

interface Parent {
  children: RootContent[];
}

/** Fields of mdast nodes that hold text a formula may have been lifted out of. */
const plainFields = ['value', 'url', 'title', 'alt', 'label', 'identifier', 'lang', 'meta'] as const;

function putBack(parent: Parent, formulas: readonly Formula[], inLink: boolean): void {
  parent.children = parent.children.flatMap((child): RootContent[] => {
    if (child.type === 'text' && !inLink) return splitText(child, formulas);
    restoreFields(child as unknown as Record<string, unknown>, formulas);
    // A formula inside a link's text stays source: an address found in prose must read as what it opens.
    if ('children' in child) putBack(child as Parent, formulas, inLink || child.type === 'link');
    return [child];
  });
}

function restoreFields(node: Record<string, unknown>, formulas: readonly Formula[]): void {
  for (const field of plainFields) {
    const value = node[field];
    if (typeof value === 'string') node[field] = restoreMaths(value, formulas);
  }
}

function splitText(node: Text, formulas: readonly Formula[]): RootContent[] {
  const out: RootContent[] = [];
  let copied = 0;
  for (const match of node.value.matchAll(placeholder)) {
    const formula = formulas[Number(match[1])];
    if (formula === undefined) continue;
    if (match.index > copied) out.push({ type: 'text', value: node.value.slice(copied, match.index) });
    out.push(mathsNode(formula));
    copied = match.index + match[0].length;
  }
  if (copied < node.value.length) out.push({ type: 'text', value: node.value.slice(copied) });
  return out;
}

function mathsNode(formula: Formula): RootContent {
  const className = [formula.display ? 'math-display' : 'math-inline'];
  return {
    type: 'inlineCode',
    value: formula.tex,
    // `data-source` carries the delimiters, for the fallback.
    data: { hName: 'code', hProperties: { className, dataSource: formula.source } } as Code['data'],
  } as RootContent;
}
