import { createContext } from 'react';

/** A sentence of a text that is marked, and where a click on it leads. */
export interface TextMark {
  /** Names the mark on the page (`data-mark`), so that it can be scrolled to. */
  readonly id: string;
  readonly quote: string;
  /** What the mark says of itself when it is pointed at. */
  readonly title: string;
  /** Drawn with less weight: it may become something. */
  readonly isFaint?: boolean;
  /** An address in this window. */
  readonly href: string;
}

const none: readonly TextMark[] = [];

/** The marks of the texts below it. */
export const TextMarksContext = createContext(none);
