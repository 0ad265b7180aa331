import { segmentsOf } from '../lib/segments.ts';
import classes from './highlighted-text.module.css';

interface HighlightedTextProps {
  readonly text: string;
  readonly ranges: readonly (readonly [number, number])[];
}

/** Text with the found words marked: nodes, never HTML. */
export function HighlightedText({ text, ranges }: HighlightedTextProps) {
  let at = 0;
  return segmentsOf(text, ranges).map((segment) => {
    const key = at;
    at += segment.text.length;
    if (!segment.isMarked) return <span key={key}>{segment.text}</span>;
    return (
      <mark key={key} className={classes.mark}>
        {segment.text}
      </mark>
    );
  });
}
