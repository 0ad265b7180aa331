import { useId, useMemo, useRef, type KeyboardEvent } from 'react';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { strings } from '../../../lib/strings.ts';
import { box, layoutOf, type Graph, type Placed } from './layout.ts';
import classes from './runs.module.css';

const words = strings.runs.episodes;
/** As many letters as fit into a box. */
const longestLabel = 19;

interface EpisodeGraphProps {
  readonly graph: Graph;
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Steps as boxes, top to bottom, with lines to what they lead to. One stop for the keyboard: arrows go from box to box. */
export function EpisodeGraph({ graph, chosenId, onChoose }: EpisodeGraphProps) {
  const layout = useMemo(() => layoutOf(graph), [graph]);
  const arrow = `arrow-${useId().replace(/[^\w-]/g, '')}`;
  const drawing = useRef<SVGSVGElement>(null);
  const current = layout.nodes.some(({ node }) => node.id === chosenId) ? chosenId : layout.nodes[0]?.node.id;
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = layout.nodes.find(({ node }) => node.id === current);
    const to = from && neighbourOf(from, layout.nodes, event.key);
    if (!to || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onChoose(to.node.id);
    const boxes = drawing.current?.querySelectorAll<SVGGElement>('[data-node]') ?? [];
    [...boxes].find((each) => each.dataset['node'] === to.node.id)?.focus();
  };
  return (
    <div className={classes.canvas}>
      {/* The keys go from box to box, which are its buttons. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <svg
        ref={drawing}
        className={classes.graph}
        width={layout.width}
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="group"
        aria-label={words.graph(graph.nodes.length, graph.edges.length)}
        onKeyDown={onKeyDown}
      >
        <defs>
          <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path className={classes.arrow} d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {layout.edges.map(({ from, to }) => (
          <path
            key={`${from.node.id}\n${to.node.id}`}
            className={classes.edge}
            d={lineBetween(from, to)}
            markerEnd={`url(#${arrow})`}
          />
        ))}
        {layout.nodes.map((placed) => (
          <NodeBox
            key={placed.node.id}
            placed={placed}
            isChosen={placed.node.id === chosenId}
            isStop={placed.node.id === current}
            onChoose={onChoose}
          />
        ))}
      </svg>
    </div>
  );
}

interface NodeBoxProps {
  readonly placed: Placed;
  readonly isChosen: boolean;
  readonly isStop: boolean;
  readonly onChoose: (id: string) => void;
}

function NodeBox({ placed: { node, x, y }, isChosen, isStop, onChoose }: NodeBoxProps) {
  const label = withVisibleControls(node.label);
  const status = node.status === undefined ? '' : withVisibleControls(node.status);
  return (
    <g
      className={classes.node}
      transform={`translate(${x} ${y})`}
      role="button"
      data-node={node.id}
      tabIndex={isStop ? 0 : -1}
      aria-pressed={isChosen}
      aria-label={[words.node(label), status].filter(Boolean).join(', ')}
      onClick={() => onChoose(node.id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onChoose(node.id);
      }}
    >
      <title>{label}</title>
      <rect width={box.width} height={box.height} rx="6" />
      <text x={box.width / 2} y={status === '' ? 27 : 19} className={classes.label}>
        {short(label)}
      </text>
      {status !== '' && (
        <text x={box.width / 2} y={35} className={classes.status}>
          {short(status)}
        </text>
      )}
    </g>
  );
}

function short(text: string): string {
  return text.length > longestLabel ? `${text.slice(0, longestLabel - 1)}…` : text;
}

/** From the lower edge of a box to the upper edge of another; around the side where it leads back. */
function lineBetween(from: Placed, to: Placed): string {
  const [x1, y1, x2, y2] = [from.x + box.width / 2, from.y + box.height, to.x + box.width / 2, to.y];
  if (y2 > y1) {
    const bend = (y2 - y1) / 2;
    return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  }
  const side = Math.max(from.x, to.x) + box.width;
  const [middle1, middle2] = [from.y + box.height / 2, to.y + box.height / 2];
  const [right1, right2] = [from.x + box.width, to.x + box.width];
  return `M${right1} ${middle1}C${side + 40} ${middle1} ${side + 40} ${middle2} ${right2} ${middle2}`;
}

/** The box that an arrow key leads to: the nearest in that direction. */
function neighbourOf(from: Placed, all: readonly Placed[], key: string): Placed | undefined {
  const sides: Readonly<Record<string, (to: Placed) => boolean>> = {
    ArrowDown: (to) => to.y > from.y,
    ArrowUp: (to) => to.y < from.y,
    ArrowRight: (to) => to.y === from.y && to.x > from.x,
    ArrowLeft: (to) => to.y === from.y && to.x < from.x,
  };
  const isThere = sides[key];
  if (!isThere) return undefined;
  // A layer further is further than any place beside.
  const distance = (to: Placed): number => Math.abs(to.y - from.y) * 100 + Math.abs(to.x - from.x);
  return all.filter(isThere).sort((a, b) => distance(a) - distance(b))[0];
}
