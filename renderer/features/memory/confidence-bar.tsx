import { VisuallyHidden } from '@mantine/core';
import { formatConfidence } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import classes from './memory.module.css';

interface ConfidenceBarProps {
  /** In [0, 1]. */
  readonly value: number;
  /** Drawn without colour: it does not count now. */
  readonly isDormant?: boolean;
}

/** How sure it is: a bar, and the number beside it. */
export function ConfidenceBar({ value, isDormant = false }: ConfidenceBarProps) {
  return (
    <span className={classes.confidence}>
      <svg className={classes.bar} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
        <rect className={classes.barTrack} width="100" height="6" />
        <rect
          className={classes.barFill}
          data-dormant={isDormant || undefined}
          width={Math.min(1, Math.max(0, value)) * 100}
          height="6"
        />
      </svg>
      <span aria-hidden className={classes.barNumber}>
        {formatConfidence(value)}
      </span>
      <VisuallyHidden>{strings.memory.confidence(value)}</VisuallyHidden>
    </span>
  );
}
