import { useEffect, useEffectEvent } from 'react';
import type { WindowActions } from './window-actions.ts';

/** The keys that mean the same everywhere. The palette's own (mod+K) is Spotlight's. */
export function useWindowKeys(actions: WindowActions): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const action = actionOf(event, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function actionOf(event: KeyboardEvent, actions: WindowActions): (() => void) | undefined {
  if (event.defaultPrevented || isInOverlay(event.target)) return undefined;
  const isMod = event.ctrlKey || event.metaKey;
  if (isMod && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f') return actions.focusSearch;
  if (isMod || event.altKey || isEditable(event.target)) return undefined;
  switch (event.key) {
    case '/':
      return actions.focusSearch;
    case '?':
      return actions.openShortcuts;
    case 'ArrowDown':
    case 'ArrowUp':
      // Where nothing has the focus, the arrows mean the list.
      return event.target === document.body ? actions.focusList : undefined;
    case 'n':
    case 'N':
      return actions.createConversation;
    default:
      return undefined;
  }
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** In a dialog or a menu a letter belongs to it. */
function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
}
