export interface Piece {
  readonly text: string;
  /** Stands on the other side too. */
  readonly isSame: boolean;
}

/** Words compared with each other at most: the work grows with the product. */
const most = 160_000;

/** Two texts word by word: what both have, and what only one has, in their order. */
export function wordDiff(before: string, after: string): { was: readonly Piece[]; is: readonly Piece[] } {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  if (a.length * b.length > most) return { was: whole(before), is: whole(after) };
  const lengths = commonLengths(a, b);
  const was: Piece[] = [];
  const is: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add(was, a[i++] ?? '', true);
      add(is, b[j++] ?? '', true);
    } else if (j >= b.length || (i < a.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      add(was, a[i++] ?? '', false);
    } else add(is, b[j++] ?? '', false);
  }
  return { was, is };
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}

function whole(text: string): readonly Piece[] {
  return text === '' ? [] : [{ text, isSame: false }];
}

/** Neighbours of one kind are one piece. */
function add(pieces: Piece[], text: string, isSame: boolean): void {
  const last = pieces.at(-1);
  if (last?.isSame === isSame) pieces[pieces.length - 1] = { text: last.text + text, isSame };
  else pieces.push({ text, isSame });
}

/** `lengths[i][j]`: how many words the rests from i and from j have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (!row) continue;
      row[j] = a[i] === b[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly Uint32Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}
