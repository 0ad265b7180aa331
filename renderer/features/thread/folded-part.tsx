import { IconChevronRight } from '@tabler/icons-react';
import { useId, type ReactNode } from 'react';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { useDisclosure } from './disclosures.ts';
import classes from './folded-part.module.css';

interface FoldedPartProps {
  /** Names this part in the thread, so that it stays open when it is scrolled away. */
  readonly memoryKey: string;
  readonly icon: ReactNode;
  readonly title: string;
  /** The beginning of what is inside. */
  readonly summary: string;
  readonly children: ReactNode;
}

/** One line that opens: thinking, tool traffic, what is not known. Its inside is drawn only when it is open. */
export function FoldedPart({ memoryKey, icon, title, summary, children }: FoldedPartProps) {
  const [isOpen, setOpen] = useDisclosure(memoryKey);
  const contentId = useId();
  return (
    <div className={classes.folded}>
      <button
        type="button"
        className={classes.summary}
        aria-expanded={isOpen}
        aria-controls={contentId}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight size={14} stroke={1.75} className={classes.chevron} data-open={isOpen} aria-hidden />
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
        <span className={classes.title}>{title}</span>
        {!isOpen && <span className={classes.words}>{withVisibleControls(summary)}</span>}
      </button>
      <div id={contentId} hidden={!isOpen} className={classes.content}>
        {isOpen && children}
      </div>
    </div>
  );
}
