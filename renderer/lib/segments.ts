export interface Segment {
  readonly text: string;
  readonly isMarked: boolean;
}

/**
 * Cuts a text at the places found in it. Ranges may overlap, come in any order and reach past the end:
 * the text as a whole always stays as it is.
 *
 * @param ranges [start, end) in UTF-16 code units
 */
export function segmentsOf(text: string, ranges: readonly (readonly [number, number])[]): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  const add = (to: number, isMarked: boolean): void => {
    if (to > at) segments.push({ text: text.slice(at, to), isMarked });
    at = Math.max(at, to);
  };
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    add(Math.min(start, text.length), false);
    add(Math.min(end, text.length), true);
  }
  add(text.length, false);
  return segments;
}
