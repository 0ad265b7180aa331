import { useEffect, useState } from 'react';

/** Calls back when rows change their size; the result is the `ref` that each row takes. */
export function useRowObserver(
  onResize: (rows: readonly HTMLElement[]) => void,
): (row: HTMLElement | null) => () => void {
  const [{ observer, observe }] = useState(() => createObserver(onResize));
  useEffect(() => () => observer.disconnect(), [observer]);
  return observe;
}

function createObserver(onResize: (rows: readonly HTMLElement[]) => void) {
  const observer = new ResizeObserver((entries) => {
    onResize(entries.map((entry) => entry.target).filter((element) => element instanceof HTMLElement));
  });
  // React calls back with the element only: the cleanup takes the place of a call with null.
  const observe = (row: HTMLElement | null): (() => void) => {
    if (row) observer.observe(row);
    return () => row && observer.unobserve(row);
  };
  return { observer, observe };
}
