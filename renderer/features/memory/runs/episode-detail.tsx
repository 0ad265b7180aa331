import { SegmentedControl, Table } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Output } from '../../../../shared/ipc/contract.ts';
import { CodeBlock } from '../../../components/markdown/code-block.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { formatDateTime } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import classes from '../memory.module.css';
import { EpisodeGraph } from './episode-graph.tsx';
import { graphOf } from './graph.ts';
import type { Graph, GraphNode } from './layout.ts';

const words = strings.runs.episodes;
const views = (['graph', 'list'] as const).map((value) => ({ value, label: words.views[value] }));
/** A larger one is no picture any more. */
const mostDrawn = 200;

/** One run: its question, and its steps as a graph or a list. */
export function EpisodeDetail({ id }: { readonly id: string }) {
  const found = useMethod('memory.episode', { id });
  if (found.error && !found.data) {
    return <ErrorState title={words.failed} error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (!found.data) return <p className={classes.wait}>{strings.app.loading}</p>;
  return <Episode data={found.data} />;
}

function Episode({ data }: { readonly data: Output<'memory.episode'> }) {
  const { episode, nodes, edges } = data;
  const graph = useMemo(() => graphOf(nodes, edges), [nodes, edges]);
  const [view, setView] = useState<'graph' | 'list'>('graph');
  const [chosenId, setChosen] = useState<string>();
  const chosen = graph.nodes.find((node) => node.id === chosenId);
  const isDrawn = view === 'graph' && graph.nodes.length <= mostDrawn;
  const facts = [
    withVisibleControls(episode.status),
    words.steps(graph.nodes.length),
    words.began(formatDateTime(episode.created_at)),
    words.ended(formatDateTime(episode.updated_at)),
    withVisibleControls(episode.run_id),
  ];
  return (
    <div className={classes.wideSheet}>
      <header className={classes.sheetHead}>
        <h2 className={classes.text}>{withVisibleControls(episode.query)}</h2>
        <p className={classes.hint}>{facts.join(' · ')}</p>
        <SegmentedControl size="xs" aria-label={words.views.label} data={views} value={view} onChange={setView} />
      </header>
      {graph.nodes.length === 0 && <p className={classes.hint}>{words.noSteps}</p>}
      {graph.nodes.length > mostDrawn && view === 'graph' && (
        <p className={classes.hint}>{words.tooMany(graph.nodes.length)}</p>
      )}
      {graph.nodes.length > 0 &&
        (isDrawn ? (
          <EpisodeGraph graph={graph} chosenId={chosenId} onChoose={setChosen} />
        ) : (
          <StepTable graph={graph} chosenId={chosenId} onChoose={setChosen} />
        ))}
      {chosen && <StepContent node={chosen} />}
    </div>
  );
}

interface StepTableProps {
  readonly graph: Graph;
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** The graph in words. */
function StepTable({ graph, chosenId, onChoose }: StepTableProps) {
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, withVisibleControls(label)]));
  return (
    <Table className={classes.steps}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.step}</Table.Th>
          <Table.Th>{strings.memory.list.state}</Table.Th>
          <Table.Th>{words.leadsTo}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {graph.nodes.map(({ id, label, status }) => (
          <Table.Tr key={id}>
            <Table.Th scope="row">
              <button
                type="button"
                className={classes.link}
                aria-pressed={id === chosenId}
                onClick={() => onChoose(id)}
              >
                {withVisibleControls(label)}
              </button>
            </Table.Th>
            <Table.Td>{status !== undefined && withVisibleControls(status)}</Table.Td>
            <Table.Td>
              {graph.edges
                .filter(([from]) => from === id)
                .map(([, to]) => labels.get(to))
                .join(', ') || words.end}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function StepContent({ node }: { readonly node: GraphNode }) {
  const text = typeof node.raw === 'string' ? node.raw : JSON.stringify(node.raw, null, 2);
  return (
    <section aria-label={words.content}>
      <h3 className={classes.subheading}>{words.node(withVisibleControls(node.label))}</h3>
      <CodeBlock code={text} language="json" />
    </section>
  );
}
