import { isUtf8 } from 'node:buffer';
import { JsonSplitter, SplitError, type SplitLimits } from './split-json.ts';
import { hasCertainEnd } from './string-places.ts';

export type JsonElement =
  | { readonly state: 'parsed'; readonly start: number; readonly value: unknown; readonly bytes: Buffer }
  /** It could not be read, but where it ends is certain, so that what follows can be. */
  | { readonly state: 'damaged'; readonly start: number; readonly reason: string };

const OPEN_BRACE = 0x7b;

export const elementLimits: SplitLimits = { maxElementBytes: 64 * 1024 ** 2, maxDepth: 256 };

/**
 * The elements of a JSON document, one in memory at a time; see JsonSplitter for what counts as one.
 * Throws SplitError where the document is so damaged that the boundaries of what follows are uncertain.
 */
export async function* jsonElements(
  source: AsyncIterable<Buffer>,
  limits: SplitLimits = elementLimits,
): AsyncGenerator<JsonElement, void, undefined> {
  const splitter = new JsonSplitter(limits);
  for await (const chunk of source) {
    for (const slice of splitter.push(chunk)) yield parseSlice(slice);
  }
  for (const slice of splitter.end()) yield parseSlice(slice);
}

function parseSlice(slice: ReturnType<JsonSplitter['push']>[number]): JsonElement {
  if (slice.state === 'refused') return { state: 'damaged', start: slice.start, reason: slice.reason };
  const { start, bytes } = slice;
  // Bytes that are no UTF-8 would be replaced in silence.
  if (!isUtf8(bytes)) return { state: 'damaged', start, reason: 'it is not valid UTF-8' };
  try {
    return { state: 'parsed', start, value: JSON.parse(bytes.toString('utf8')), bytes };
  } catch (error) {
    if (bytes[0] !== OPEN_BRACE) throw new SplitError(start, 'what stands there is not JSON');
    if (!hasCertainEnd(bytes)) throw new SplitError(start, 'a quote is missing or one too many after this');
    return { state: 'damaged', start, reason: `it is not valid JSON${placeIn(error, start)}` };
  }
}

/** V8 says `… at position 12 …`, counted in UTF-16 units of the element: near enough to find it. */
function placeIn(error: unknown, start: number): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined ? '' : ` (near byte ${start + Number(position)})`;
}
