import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Receipt } from '../../../shared/ipc/models.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { strings } from '../../lib/strings.ts';
import classes from './import.module.css';

interface FailureListProps {
  readonly title: string;
  readonly failures: Receipt['failed'];
  /** Nothing went wrong: it is only said. */
  readonly isQuiet?: boolean;
}

/** More than a person reads; the receipt in the vault has them all. */
const mostShown = 500;

/** What was not taken over, each with its reason; folded, because it may be long. */
export function FailureList({ title, failures, isQuiet = false }: FailureListProps) {
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  if (failures.length === 0) return null;
  return (
    <div className={classes.failures}>
      <button
        type="button"
        className={classes.failuresToggle}
        data-quiet={isQuiet || undefined}
        aria-expanded={isOpen}
        aria-controls={listId}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight size={14} stroke={1.75} className={classes.chevron} data-open={isOpen} aria-hidden />
        {title}
      </button>
      <ul id={listId} hidden={!isOpen}>
        {isOpen &&
          failures.slice(0, mostShown).map(({ source_id: sourceId, reason }, at) => (
            <li key={`${sourceId}/${at}`}>
              <code>{withVisibleControls(sourceId)}</code> {reason}
            </li>
          ))}
        {failures.length > mostShown && <li>{strings.imports.receipt.more(failures.length - mostShown)}</li>}
      </ul>
    </div>
  );
}
