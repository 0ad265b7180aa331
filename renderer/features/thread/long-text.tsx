import { useState } from 'react';
import { CodeBlock } from '../../components/markdown/code-block.tsx';
import { strings } from '../../lib/strings.ts';
import classes from './message-view.module.css';

interface LongTextProps {
  readonly text: string;
  readonly language?: string;
}

/** A tool may have returned a whole book: only this much is drawn until more is asked for. */
const firstChars = 20_000;

/** Text as it is, in a box that scrolls, its beginning first. */
export function LongText({ text, language }: LongTextProps) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > firstChars;
  return (
    <>
      <CodeBlock code={isLong && !isWhole ? text.slice(0, firstChars) : text} language={language} copyText={text} />
      {isLong && !isWhole && (
        <button type="button" className={classes.more} onClick={() => setWhole(true)}>
          {strings.markdown.showAll(text.length)}
        </button>
      )}
    </>
  );
}
