import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { strings } from '../../lib/strings.ts';
import { copyText } from './copy-text.ts';
import classes from './markdown.module.css';

export interface CopyButtonProps {
  /** Asked for when it is copied. */
  readonly text: () => string;
  /** What is copied, for screen readers: `Copy code`. */
  readonly label: string;
  /** Hides the word beside the icon. */
  readonly compact?: boolean;
}

type Outcome = 'idle' | 'copied' | 'refused';

const icons = { idle: IconCopy, copied: IconCheck, refused: IconX } as const;

/** Copies and says so for two seconds. */
export function CopyButton({ text, label, compact = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>('idle');
  useEffect(() => {
    if (outcome === 'idle') return undefined;
    const timer = setTimeout(() => setOutcome('idle'), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async (): Promise<void> => setOutcome((await copyText(text())) ? 'copied' : 'refused');
  const Icon = icons[outcome];
  const said = strings.markdown.copy[outcome];
  return (
    <button type="button" className={classes.copy} title={label} aria-label={label} onClick={() => void copy()}>
      <Icon size={14} stroke={1.75} aria-hidden />
      {!compact && <span aria-hidden>{said}</span>}
      <output className={classes.srOnly}>{outcome === 'idle' ? '' : said}</output>
    </button>
  );
}
