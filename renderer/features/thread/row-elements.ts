/**
 * A place to show: a row's beginning at the top of the list, or the end of all rows at its bottom. `within`: a selector of
 * what is to be seen in the row where the row is higher than the list.
 */
export type Target = { readonly at: 'row'; readonly index: number; readonly within?: string } | { readonly at: 'end' };

/** Kept free above a row that is shown at the top. */
const rowMargin = 16;

export function rowsOf(scroller: HTMLElement | null): readonly HTMLElement[] {
  return [...(scroller?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
}

export function indexOfRow(row: HTMLElement): number {
  return Number(row.dataset['row']);
}

/** Learns a row's height. One without any is not shown, and nothing can be learnt from it. */
export function measureRow(row: HTMLElement, measured: Map<number, number>): void {
  const { height } = row.getBoundingClientRect();
  if (height > 0) measured.set(indexOfRow(row), height);
}

export function bringTo(scroller: HTMLElement, target: Target): void {
  if (target.at === 'end') {
    scroller.scrollTop = scroller.scrollHeight;
    return;
  }
  const row = scroller.querySelector(`[data-row="${target.index}"]`);
  if (!row) return;
  const box = scroller.getBoundingClientRect();
  const top = row.getBoundingClientRect().top - box.top - rowMargin;
  const inner = target.within === undefined ? null : row.querySelector(target.within);
  // A third of the way down, where one reads; no further than the row's own beginning.
  const sentence = inner ? inner.getBoundingClientRect().top - box.top - box.height / 3 : top;
  const distance = Math.max(top, sentence);
  // Less than a pixel is rounding, and would never come to rest.
  if (Math.abs(distance) >= 1) scroller.scrollTop += distance;
}

/** The first row whose end can be seen. */
export function topRowOf(scroller: HTMLElement | null): number {
  const top = scroller?.getBoundingClientRect().top ?? 0;
  const row = rowsOf(scroller).find((one) => one.getBoundingClientRect().bottom > top + rowMargin);
  return row ? indexOfRow(row) : 0;
}

/** When the row that had the focus was scrolled away, the keys go on from the list itself. */
export function holdFocus(scroller: HTMLElement | null): void {
  if (document.activeElement === document.body) scroller?.focus({ preventScroll: true });
}
