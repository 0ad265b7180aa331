import { memo } from 'react';
import { LongMarkdown, type LongTextMemory } from './long-markdown.tsx';
import { MarkdownPiece } from './markdown-piece.tsx';
import classes from './markdown.module.css';
import { PlainTextBoundary } from './plain-text-boundary.tsx';

export interface MarkdownProps {
  readonly text: string;
  /** Shows every line break, as in text that was typed; in Markdown a single one means nothing. */
  readonly keepLines?: boolean;
  /** What to remember about a very long text when it is drawn again; its own while mounted where left out. */
  readonly memory?: LongTextMemory;
}

/** A text longer than this begins folded: reading a pasted book is the exception. */
const foldedChars = 24_000;

/** Markdown written by anyone, drawn safely: no HTML, no images loaded, no address but https and mailto. */
export const Markdown = memo(function Markdown({ text, keepLines = false, memory }: MarkdownProps) {
  return (
    <div className={classes.markdown} data-keep-lines={keepLines} dir="auto">
      <PlainTextBoundary text={text}>
        {text.length <= foldedChars ? (
          <MarkdownPiece text={text} />
        ) : (
          <LongMarkdown text={text} {...(memory ? { memory } : {})} />
        )}
      </PlainTextBoundary>
    </div>
  );
});
