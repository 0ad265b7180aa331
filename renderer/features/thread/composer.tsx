import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import classes from './composer.module.css';
import { draftOf, keepDraft } from './drafts.ts';

interface ComposerProps {
  readonly conversationId: string;
  /** Nothing is written yet: there is nothing to read, so writing is what one comes for. */
  readonly takesFocus: boolean;
  readonly onSend: (text: string) => Promise<void>;
}

/** The contract's limit. */
const longestText = 1_000_000;
const words = strings.thread.composer;
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Where the person writes. What was typed stays when they look elsewhere, and when adding it fails. */
export function Composer({ conversationId, takesFocus, onSend }: ComposerProps) {
  const [text, setText] = useState(() => draftOf(conversationId));
  const [isSending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);
  const status = useMethod('vault.status', {});
  if (status.data?.read_only === true) return <p className={classes.readOnly}>{words.readOnly}</p>;

  const change = (next: string): void => {
    setText(next);
    keepDraft(conversationId, next);
  };
  const send = async (): Promise<void> => {
    if (text.trim() === '' || isSending) return;
    setSending(true);
    try {
      await onSend(text.trim());
      change('');
    } catch (error) {
      showError(error);
    } finally {
      setSending(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(isApple ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    void send();
  };
  return (
    <form className={classes.composer} onSubmit={onSubmit}>
      <div className={classes.column}>
        <textarea
          ref={field}
          className={classes.field}
          aria-label={words.label}
          placeholder={words.placeholder}
          value={text}
          rows={1}
          maxLength={longestText}
          readOnly={isSending}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div className={classes.foot}>
          <span className={classes.note}>{words.note}</span>
          <Button
            type="submit"
            size="compact-sm"
            loading={isSending}
            disabled={text.trim() === ''}
            title={words.sendHint(isApple ? '⌘' : 'Ctrl')}
          >
            {words.send}
          </Button>
        </div>
      </div>
    </form>
  );
}
