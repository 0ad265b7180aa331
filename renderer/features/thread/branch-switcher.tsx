import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { strings } from '../../lib/strings.ts';
import classes from './branch-switcher.module.css';

interface BranchSwitcherProps {
  readonly messageId: string;
  /** The messages at this place, in order, this one included. */
  readonly siblings: readonly string[];
  readonly onChoose: (messageId: string) => void;
}

const words = strings.thread.branch;

/** `‹ 2 / 3 ›`: which of several versions is shown, and the way to its neighbours. */
export function BranchSwitcher({ messageId, siblings, onChoose }: BranchSwitcherProps) {
  const at = siblings.indexOf(messageId);
  const previous = siblings[at - 1];
  const next = siblings[at + 1];
  return (
    <fieldset className={classes.switcher} aria-label={words.label}>
      <button
        type="button"
        aria-label={words.previous}
        title={words.previousHint}
        // Not `disabled`: that would drop the keyboard's place when the end is reached.
        aria-disabled={previous === undefined}
        onClick={() => previous !== undefined && onChoose(previous)}
      >
        <IconChevronLeft size={14} stroke={1.75} aria-hidden />
      </button>
      <span>{words.place(at + 1, siblings.length)}</span>
      <button
        type="button"
        aria-label={words.next}
        title={words.nextHint}
        aria-disabled={next === undefined}
        onClick={() => next !== undefined && onChoose(next)}
      >
        <IconChevronRight size={14} stroke={1.75} aria-hidden />
      </button>
    </fieldset>
  );
}

/** The version beside this one, for the keys. */
export function siblingBeside(messageId: string, siblings: readonly string[], step: 1 | -1): string | undefined {
  return siblings[siblings.indexOf(messageId) + step];
}
