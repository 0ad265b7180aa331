import { useLayoutEffect, useRef } from 'react';
import { lazyModule } from './lazy-module.ts';
import classes from './markdown.module.css';

const useTypesetter = lazyModule(() => import('./typesetter.ts'));

export interface MathsProps {
  readonly tex: string;
  /** As written, with delimiters: shown until, or instead of, the typeset formula. */
  readonly source: string;
  readonly display: boolean;
}

/** A formula, typeset once KaTeX is loaded. */
export function Maths({ tex, source, display }: MathsProps) {
  const typesetter = useTypesetter();
  const typeset = useRef<HTMLSpanElement>(null);
  const written = useRef<HTMLElement>(null);

  // Shown and hidden by hand, not by state: a virtual list measures before a second render, and a formula that changes
  // its height then would push messages in and out of the list for ever.
  useLayoutEffect(() => {
    if (!typesetter || !typeset.current || !written.current) return;
    const isDone = typesetter.typeset(tex, display, typeset.current);
    typeset.current.hidden = !isDone;
    written.current.hidden = isDone;
  }, [typesetter, tex, display]);

  return (
    <span className={display ? classes.mathsDisplay : classes.mathsInline}>
      {/* React never renders children into this element: KaTeX owns what is in it. */}
      <span ref={typeset} hidden />
      <code ref={written} className={classes.mathsSource}>
        {source}
      </code>
    </span>
  );
}
