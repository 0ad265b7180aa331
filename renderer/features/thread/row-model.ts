/** Rows that exist as elements: from `first` to `last`, both included; `last` is below `first` where there are none. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** Heights in pixels: measured where a row was drawn, estimated elsewhere. */
export interface RowModel {
  readonly count: number;
  readonly heightOf: (index: number) => number;
}

/** What can be seen of the rows, in pixels from the top of the first. */
export interface Viewport {
  readonly top: number;
  readonly height: number;
}

/** How far beyond the viewport, in pixels, rows must be there, and how far they are drawn when they are not. */
export interface Overscan {
  readonly needed: number;
  /** More than needed, so that the range changes once a screen and not with every row. */
  readonly drawn: number;
}

/** What the first picture takes: no more than is seen. */
export const bareOverscan: Overscan = { needed: 0, drawn: 150 };
/** What scrolling takes: less, and an empty stretch could come into view. */
export const fullOverscan: Overscan = { needed: 700, drawn: 1_600 };

/** The height of the rows [from, to). */
export function heightBetween(model: RowModel, from: number, to: number): number {
  let height = 0;
  for (let index = Math.max(0, from); index < Math.min(to, model.count); index += 1) height += model.heightOf(index);
  return height;
}

/** The rows to draw for a viewport; the very same object as long as enough rows are drawn. */
export function rangeFor(model: RowModel, viewport: Viewport, overscan: Overscan, current: RowRange): RowRange {
  const { needed, drawn } = overscan;
  const least = rowsWithin(model, viewport.top - needed, viewport.top + viewport.height + needed);
  const isEnough = current.last < model.count && least.first >= current.first && least.last <= current.last;
  return isEnough ? current : rowsWithin(model, viewport.top - drawn, viewport.top + viewport.height + drawn);
}

/** The rows to draw so that a row can stand at the top of a viewport of this height, or the last one at its end. */
export function rangeAround(model: RowModel, index: number, viewportHeight: number): RowRange {
  const isLast = index === model.count - 1;
  const top = heightBetween(model, 0, index);
  return rowsWithin(model, isLast ? top - viewportHeight : top, top + viewportHeight);
}

function rowsWithin({ count, heightOf }: RowModel, top: number, bottom: number): RowRange {
  let first = 0;
  let end = count > 0 ? heightOf(0) : 0;
  while (first < count - 1 && end <= top) {
    first += 1;
    end += heightOf(first);
  }
  let last = first;
  while (last < count - 1 && end < bottom) {
    last += 1;
    end += heightOf(last);
  }
  return { first, last: Math.min(last, count - 1) };
}
