import type { Element, ElementContent, Root, RootContent, Text } from 'hast';
import { findQuote } from '../../../shared/find-quote.ts';
import type { TextMark } from './text-marks.ts';

/** Links and code have meanings of their own. */
const leftAlone: ReadonlySet<string> = new Set(['a', 'code', 'pre']);

interface Place {
  readonly start: number;
  readonly end: number;
  /** Several where the same sentence is marked more than once; the first leads. */
  readonly marks: TextMark[];
}

/** Wraps the sentences of `marks` in `<mark data-mark>`; runs after the allow-list, which would take the attribute away. */
export function rehypeMarks({ marks }: { readonly marks: readonly TextMark[] }) {
  return (root: Root): void => {
    if (marks.length === 0) return;
    const places = placesOf(textOf(root), marks);
    if (places.length > 0) wrapIn(root, places, 0, new Set());
  };
}

/** In order, none over another: of two that overlap the later one is cut, and joined to the other where nothing is left. */
function placesOf(text: string, marks: readonly TextMark[]): readonly Place[] {
  const found = marks
    .flatMap((mark) => {
      const place = findQuote(text, mark.quote);
      return place ? [{ start: place[0], end: place[1], mark }] : [];
    })
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const places: Place[] = [];
  for (const { start, end, mark } of found) {
    const last = places.at(-1);
    const from = Math.max(start, last?.end ?? 0);
    if (from < end) places.push({ start: from, end, marks: [mark] });
    else last?.marks.push(mark);
  }
  return places;
}

/** @returns where the text goes on after this node */
function wrapIn(parent: Root | Element, places: readonly Place[], from: number, begun: Set<string>): number {
  let at = from;
  const children: RootContent[] = [];
  for (const child of parent.children) {
    if (child.type === 'text') {
      children.push(...cut(child, places, at, begun));
      at += child.value.length;
      continue;
    }
    children.push(child);
    if (child.type !== 'element') continue;
    if (leftAlone.has(child.tagName)) at += textOf(child).length;
    else at = wrapIn(child, places, at, begun);
  }
  // What stands in an element stays what may stand there: text becomes text and marks.
  parent.children = children as ElementContent[];
  return at;
}

function cut(node: Text, places: readonly Place[], at: number, begun: Set<string>): ElementContent[] {
  const { value } = node;
  // Between blocks there is nothing to mark.
  if (value.trim() === '') return [node];
  const parts: ElementContent[] = [];
  let done = 0;
  const add = (text: string): void => {
    if (text !== '') parts.push({ type: 'text', value: text });
  };
  for (const { start, end, marks } of places) {
    const [first, last] = [Math.max(start - at, done), Math.min(end - at, value.length)];
    if (first >= last) continue;
    add(value.slice(done, first));
    parts.push(marked(value.slice(first, last), marks, begun));
    done = last;
  }
  add(value.slice(done));
  return parts;
}

/** A sentence with an emphasis in it is marked in pieces, of which the first alone is a stop for the keyboard. */
function marked(text: string, marks: readonly TextMark[], begun: Set<string>): Element {
  const ids = marks.map(({ id }) => id).join(' ');
  const isFirst = !begun.has(ids);
  begun.add(ids);
  const title = marks.map((each) => each.title).join('\n');
  const properties = {
    dataMark: ids,
    dataHref: marks[0]?.href ?? '',
    dataFirst: isFirst,
    dataFaint: marks.every(({ isFaint }) => isFaint === true),
    title,
  };
  return { type: 'element', tagName: 'mark', properties, children: [{ type: 'text', value: text }] };
}

function textOf(node: Root | RootContent): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}
