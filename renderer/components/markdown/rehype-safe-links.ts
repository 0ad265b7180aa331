import type { Element, ElementContent, Root, RootContent } from 'hast';
import { safeUrl } from './safe-url.ts';

/**
 * Leaves only links that `safeUrl` allows and jumps inside the message. Other links become their text with the address
 * behind it; images become `<span data-image>` stubs, because loading one would tell its server who reads.
 *
 * @param idPrefix begins the ids of this message's footnotes
 */
export function rehypeSafeLinks({ idPrefix }: { readonly idPrefix: string }) {
  return (root: Root): void => visit(root, idPrefix);
}

function visit(parent: { children: RootContent[] } | Element, idPrefix: string): void {
  for (const child of parent.children) {
    if (child.type !== 'element') continue;
    visit(child, idPrefix);
    if (child.tagName === 'a') makeSafe(child, idPrefix);
    if (child.tagName === 'img') makeStub(child);
  }
}

function makeSafe(link: Element, idPrefix: string): void {
  const { href } = link.properties;
  if (typeof href === 'string' && href.startsWith(`#${idPrefix}`)) return;
  const safe = safeUrl(href);
  if (safe !== undefined) {
    link.properties['href'] = safe;
    return;
  }
  link.tagName = 'span';
  link.properties = {};
  const address = typeof href === 'string' ? decoded(href) : '';
  if (address !== '' && address !== textOf(link)) link.children.push({ type: 'text', value: ` (${address})` });
}

function makeStub(image: Element): void {
  const { src, alt } = image.properties;
  image.tagName = 'span';
  image.properties = { dataImage: typeof src === 'string' ? src : '', dataAlt: typeof alt === 'string' ? alt : '' };
  image.children = [];
}

function textOf(node: ElementContent): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
