import { formatCount } from '../format.ts';

export const runs = {
  modes: { label: 'Kinds of runs', episodes: 'Episodes', snapshots: 'Snapshots' },
  episodes: {
    list: 'Episodes, newest first',
    failed: 'The episodes could not be read',
    emptyTitle: 'No episodes',
    emptyHint:
      'Assistants that keep how they came to an answer put their runs here: the question, the steps, how they hang together.',
    steps: (count: number): string => formatCount(count, 'step', 'steps'),
    choose: 'Choose an episode',
    chooseHint: 'You see its steps here, as a graph or a list.',
    detail: 'The episode',
    began: (when: string): string => `began ${when}`,
    ended: (when: string): string => `changed ${when}`,
    views: { label: 'How the steps are shown', graph: 'Graph', list: 'List' },
    graph: (nodes: number, edges: number): string =>
      `Graph of ${formatCount(nodes, 'step', 'steps')} and ${formatCount(edges, 'connection', 'connections')}. The list says the same in words.`,
    node: (name: string): string => `Step ${name}`,
    noSteps: 'No step of this run was kept.',
    tooMany: (count: number): string =>
      `${formatCount(count, 'step', 'steps')} are too many to draw; here is the list.`,
    step: 'Step',
    leadsTo: 'Leads to',
    end: 'nothing: an end',
    content: 'What was kept of this step',
  },
  snapshots: {
    list: 'Snapshots, newest first',
    failed: 'The snapshots could not be read',
    emptyTitle: 'No snapshots',
    emptyHint: 'Programs note here what was running at a moment. Snapshots are kept for 30 days.',
    runs: (count: number): string => formatCount(count, 'run', 'runs'),
    choose: 'Choose a snapshot',
    chooseHint: 'You see here what was running then.',
    detail: 'The snapshot',
    from: (source: string): string => `from ${source}`,
    content: 'What was running',
  },
} as const;
