import { Button, Portal } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { strings } from '../../../lib/strings.ts';
import classes from './in-thread.module.css';
import { selectedSentence, type SelectedSentence } from './selected-sentence.ts';
import type { Remembered } from './thread-memories.tsx';

interface SelectionButtonProps {
  readonly onRemember: (what: Remembered) => void;
}

/** Room that the button takes, in pixels. */
const size = { width: 170, height: 34, gap: 6 } as const;

/** Beside what is selected in a message: remember this. The key M does the same. */
export function SelectionButton({ onRemember }: SelectionButtonProps) {
  const [selected, setSelected] = useState<SelectedSentence>();
  const look = useEffectEvent(() => setSelected(selectedSentence()));
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'm' || !isOurs(event)) return;
    const sentence = selectedSentence();
    if (sentence) {
      event.preventDefault();
      onRemember(sentence);
      return;
    }
    // The message that the keyboard is on, or in, has the button for it.
    const button = elementOf(event.target)?.closest('[data-message]')?.querySelector<HTMLElement>('[data-remember]');
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  useEffect(() => {
    const onSelect = (): void => look();
    const onKey = (event: KeyboardEvent): void => onKeyDown(event);
    document.addEventListener('selectionchange', onSelect);
    document.addEventListener('scroll', onSelect, { capture: true, passive: true });
    window.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('selectionchange', onSelect);
      document.removeEventListener('scroll', onSelect, { capture: true });
      window.removeEventListener('keydown', onKey);
    };
  }, []);
  if (!selected || !isOnScreen(selected.box)) return null;
  return (
    <Portal>
      <Button
        size="compact-sm"
        className={classes.selectionButton}
        style={placeBeside(selected.box)}
        leftSection={<IconBulb size={15} />}
        aria-keyshortcuts="m"
        title={strings.memory.inThread.rememberHint}
        // A press would end the selection that is meant.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onRemember(selected)}
      >
        {strings.memory.inThread.remember}
      </Button>
    </Portal>
  );
}

function isOurs(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = elementOf(event.target);
  return target?.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]') == null;
}

function elementOf(target: EventTarget | null): Element | undefined {
  return target instanceof Element ? target : undefined;
}

function isOnScreen({ top, bottom }: DOMRect): boolean {
  return bottom > 0 && top < window.innerHeight;
}

/** Below the selection, above it where there is no room. */
function placeBeside({ left, right, top, bottom }: DOMRect): { left: number; top: number } {
  const middle = (left + right - size.width) / 2;
  const isBelow = bottom + size.gap + size.height < window.innerHeight;
  return {
    left: Math.max(size.gap, Math.min(middle, window.innerWidth - size.width)),
    top: isBelow ? bottom + size.gap : Math.max(size.gap, top - size.height - size.gap),
  };
}
