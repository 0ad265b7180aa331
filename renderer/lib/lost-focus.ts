/** Where the keyboard was last; null after a press beside everything that takes it. */
let last: Element | null = null;

// Followed from the start: what is gone can no longer be asked.
if (typeof document !== 'undefined') {
  document.addEventListener('pointerdown', () => (last = null), { capture: true });
  document.addEventListener('focusin', ({ target }) => (last = target instanceof Element ? target : null));
}

/** Whether what had the keyboard was taken off the page, so that it is nowhere now. */
export function isFocusLost(): boolean {
  const { activeElement, body } = document;
  return last !== null && !last.isConnected && (activeElement === null || activeElement === body);
}

/**
 * A ref for what comes in the place of a control that goes away by being used: it takes the keyboard over, if that was
 * lost with it, and only then.
 */
export function takeLostFocus(element: HTMLElement | null): void {
  if (element && isFocusLost()) element.focus({ preventScroll: true });
}
