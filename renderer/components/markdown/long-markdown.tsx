import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { strings } from '../../lib/strings.ts';
import { MarkdownPiece } from './markdown-piece.tsx';
import classes from './markdown.module.css';
import { splitMarkdown } from './split-markdown.ts';

/** Kept by whoever draws a long text again: a virtual list forgets what it scrolls away. */
export interface LongTextMemory {
  readonly read: () => LongTextState;
  readonly write: (state: LongTextState) => void;
}

interface LongTextState {
  readonly isExpanded: boolean;
  /** Height in pixels when it was last drawn, 0 before. */
  readonly height: number;
}

export function createLongTextMemory(): LongTextMemory {
  let state: LongTextState = { isExpanded: false, height: 0 };
  return {
    read: () => state,
    write: (next) => {
      state = next;
    },
  };
}

interface LongMarkdownProps {
  readonly text: string;
  readonly memory?: LongTextMemory;
}

/** Parsed at one go: some 30 ms. */
const pieceChars = 12_000;

/** Shows the first piece, and on request the others, one per frame, so that a megabyte does not freeze the window. */
export function LongMarkdown({ text, memory: kept }: LongMarkdownProps) {
  const [own] = useState(createLongTextMemory);
  const memory = kept ?? own;
  const [isExpanded, setExpanded] = useState(() => memory.read().isExpanded);
  const pieces = useMemo(() => splitMarkdown(text, pieceChars), [text]);
  const shown = useGrowing(isExpanded ? pieces.length : 1);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = box.current;
    return () => {
      memory.write({ ...memory.read(), height: element?.offsetHeight ?? 0 });
    };
  }, [memory]);

  const toggle = (): void => {
    memory.write({ isExpanded: !isExpanded, height: 0 });
    setExpanded(!isExpanded);
  };
  // Drawn again, it takes its old room at once and fills it by and by, so that nothing below it moves.
  const minHeight = isExpanded && shown < pieces.length ? memory.read().height : 0;
  return (
    <div ref={box} style={{ minHeight }}>
      {pieces.slice(0, shown).map((piece, index) => (
        // The pieces of a text never change places.
        <div key={index} className={classes.piece}>
          <MarkdownPiece text={piece} />
        </div>
      ))}
      <button type="button" className={classes.more} aria-expanded={isExpanded} onClick={toggle}>
        {isExpanded ? strings.markdown.showLess : strings.markdown.showAll(text.length)}
      </button>
    </div>
  );
}

/** Counts up to `target`, one per frame; down at once. */
function useGrowing(target: number): number {
  const [count, setCount] = useState(1);
  useEffect(() => {
    if (count >= target) return undefined;
    const frame = requestAnimationFrame(() => setCount(count + 1));
    return () => cancelAnimationFrame(frame);
  }, [count, target]);
  return Math.min(count, target);
}
