import {
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import classes from './anchored-list.module.css';
import {
  bareOverscan,
  fullOverscan,
  heightBetween,
  rangeAround,
  rangeFor,
  type RowModel,
  type Viewport,
} from './row-model.ts';
import { bringTo, holdFocus, measureRow, rowsOf, topRowOf, type Target } from './row-elements.ts';
import { useRowObserver } from './use-row-observer.ts';

export interface AnchoredListHandle {
  readonly show: (target: Target) => void;
  /** The first row whose end can be seen. */
  readonly topRow: () => number;
}

interface AnchoredListProps {
  readonly handle: Ref<AnchoredListHandle>;
  readonly count: number;
  /** Where the list begins; later changes are ignored. */
  readonly start: Target;
  readonly label: string;
  /** Height in pixels that a row will probably have. */
  readonly estimate: (index: number) => number;
  readonly renderRow: (index: number) => ReactNode;
  /** Called with the rows that are drawn, after each change. */
  readonly onRange: (first: number, last: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** Where nothing can be measured yet. */
const usualViewport = 900;
const keysThatMove: ReadonlySet<string> = new Set(
  'ArrowUp ArrowDown PageUp PageDown Home End Enter Tab'.split(' ').concat(' '),
);

/**
 * A long list of rows of very different heights, of which only those near the viewport are elements.
 *
 * The rows drawn stand in normal flow between two spacers, so that the browser's own scroll anchoring keeps what is
 * being read in its place while rows above it turn out higher or lower than estimated. Lists that place or pad their
 * rows by script cannot use it: their corrections come a frame late, or not at all while a wheel is still turning.
 */
export function AnchoredList(props: AnchoredListProps) {
  const { handle, count, start, label, estimate, renderRow, onRange, onKeyDown } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [measured] = useState(() => new Map<number, number>());
  const model: RowModel = { count, heightOf: (index) => measured.get(index) ?? estimate(index) };
  const [range, setRange] = useState(() => rangeAround(model, rowOf(start, count), usualViewport));
  /** Held until the person moves: rows settle for a moment, while fonts and formulas arrive. */
  const target = useRef<Target | undefined>(start);
  const hold = (next: Target | undefined): void => {
    target.current = next;
    // One of the two: with both, a row above that grows would be made up for twice.
    if (scroller.current) scroller.current.style.overflowAnchor = next ? 'none' : 'auto';
  };
  const letGo = (): void => hold(undefined);
  const hasFocus = useRef(false);

  const settle = (overscan = fullOverscan): void => {
    const element = scroller.current;
    // A list that is not shown has no height, and nothing can be learnt from it.
    if (!element || element.clientHeight === 0) return;
    if (target.current) bringTo(element, target.current);
    // Computed here and not in an updater: what it is computed from must be of one moment.
    setRange(rangeFor(model, viewportOf(element, heightBetween(model, 0, range.first)), overscan, range));
  };
  const observeRow = useRowObserver(
    useEffectEvent((rows: readonly HTMLElement[]) => {
      for (const row of rows) measureRow(row, measured);
      settle();
    }),
  );
  useLayoutEffect(() => {
    for (const row of rowsOf(scroller.current)) measureRow(row, measured);
    if (hasFocus.current) holdFocus(scroller.current);
    settle(bareOverscan);
  });
  useAfterPaint(() => settle());
  const drawn = useEffectEvent(onRange);
  useEffect(() => drawn(range.first, range.last), [range]);
  useImperativeHandle(handle, () => ({
    show: (next) => {
      hold(next);
      setRange(rangeAround(model, rowOf(next, count), scroller.current?.clientHeight || usualViewport));
    },
    topRow: () => topRowOf(scroller.current),
  }));

  const last = Math.min(range.last, count - 1);
  return (
    // A list that scrolls must be reachable by key, and its keys move through the rows.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={scroller}
      className={classes.scroller}
      role="feed"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={() => settle()}
      onWheel={letGo}
      onTouchStart={letGo}
      onPointerDown={letGo}
      onKeyDown={(event) => {
        if (keysThatMove.has(event.key)) letGo();
        onKeyDown(event);
      }}
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={(event) => {
        hasFocus.current = event.currentTarget.contains(event.relatedTarget);
      }}
    >
      <div style={{ height: heightBetween(model, 0, range.first) }} />
      {Array.from({ length: Math.max(0, last - range.first + 1) }, (_, at) => range.first + at).map((index) => (
        <div key={index} ref={observeRow} className={classes.row} data-row={index}>
          {renderRow(index)}
        </div>
      ))}
      <div style={{ height: heightBetween(model, last + 1, count) }} />
    </div>
  );
}

/**
 * What is seen, in the model's pixels. The model may have learnt since the rows were drawn: the difference in the
 * height above them is taken out.
 */
function viewportOf(scroller: HTMLElement, heightAbove: number): Viewport {
  const { scrollTop, clientHeight, firstElementChild: spacer } = scroller;
  const drawnAbove = spacer?.getBoundingClientRect().height ?? 0;
  return { top: scrollTop + heightAbove - drawnAbove, height: clientHeight };
}

function rowOf(target: Target, count: number): number {
  return target.at === 'row' ? Math.min(target.index, count - 1) : count - 1;
}

/** Once, when the first picture is on the screen: what is only needed for scrolling must not delay it. */
function useAfterPaint(work: () => void): void {
  const later = useEffectEvent(work);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => later(), 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);
}
