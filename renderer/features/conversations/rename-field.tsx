import { useRef, useState, type KeyboardEvent } from 'react';
import { strings } from '../../lib/strings.ts';
import classes from './rename-field.module.css';

interface RenameFieldProps {
  readonly title: string;
  /** The new title, or undefined where it was given up or left as it was. */
  readonly onDone: (title: string | undefined) => void;
}

const longestTitle = 500;

/** A title being changed in its place: Enter or leaving the field keeps it, Escape gives it up. */
export function RenameField({ title, onDone }: RenameFieldProps) {
  const [text, setText] = useState(title);
  const isDone = useRef(false);
  const finish = (kept: string | undefined): void => {
    // Removing the field blurs it: only the first end counts.
    if (isDone.current) return;
    isDone.current = true;
    const trimmed = kept?.trim();
    onDone(trimmed === '' || trimmed === title ? undefined : trimmed);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter') finish(text);
    if (event.key === 'Escape') finish(undefined);
  };
  return (
    <input
      className={classes.field}
      aria-label={strings.conversations.rename.label}
      value={text}
      maxLength={longestTitle}
      ref={takeFocus}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.stopPropagation()}
      onBlur={() => finish(text)}
    />
  );
}

function takeFocus(field: HTMLInputElement | null): void {
  field?.focus();
  field?.select();
}
