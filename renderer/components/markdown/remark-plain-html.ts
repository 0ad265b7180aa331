import type { Paragraph, Root, RootContent, Text } from 'mdast';

/**
 * Turns raw HTML into the text it was written as, so that a person sees it and the page never does.
 * Without this the sanitiser would drop it silently.
 */
export function remarkPlainHtml() {
  return (root: Root): void => plainHtml(root, true);
}

interface Parent {
  children: RootContent[];
}

function plainHtml(parent: Parent, inBlock: boolean): void {
  parent.children = parent.children.map((child): RootContent => {
    if (child.type === 'html') return inBlock ? paragraph(child.value) : text(child.value);
    // The casts: every mdast parent's children are root content; the types narrow each kind separately.
    if ('children' in child) plainHtml(child as Parent, holdsBlocks(child.type));
    return child;
  });
}

function holdsBlocks(type: RootContent['type']): boolean {
  return type === 'blockquote' || type === 'listItem' || type === 'footnoteDefinition';
}

function text(value: string): Text {
  return { type: 'text', value };
}

function paragraph(value: string): Paragraph {
  return { type: 'paragraph', children: [text(value)] };
}
