import { IconCamera, IconRoute } from '@tabler/icons-react';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { formatDateTime } from '../../../lib/format.ts';
import { navigate } from '../../../lib/route.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import { EpisodeDetail } from './episode-detail.tsx';
import { RunPanes } from './run-panes.tsx';
import { SnapshotDetail } from './snapshot-detail.tsx';

interface RunsViewProps {
  readonly openId: string | undefined;
}

/** The runs of assistants that were kept: each with its question and its steps. */
export function EpisodesView({ openId }: RunsViewProps) {
  const words = strings.runs.episodes;
  const episodes = useMethod('memory.episodes', {});
  if (episodes.error && !episodes.data) {
    return <ErrorState title={words.failed} error={episodes.error} onRetry={() => void episodes.refetch()} />;
  }
  if (episodes.data?.length === 0) {
    return <EmptyState icon={<IconRoute size={32} />} title={words.emptyTitle} hint={words.emptyHint} />;
  }
  const rows = episodes.data?.map(({ id, query, run_id, status, nodes, updated_at }) => ({
    id,
    title: withVisibleControls(query === '' ? run_id : query),
    facts: [withVisibleControls(status), words.steps(nodes), formatDateTime(updated_at)].join(' · '),
  }));
  return (
    <RunPanes
      label={words.list}
      rows={rows}
      openId={openId}
      onOpen={(id) =>
        navigate({ page: 'memory', view: 'runs', memoryId: id }, openId === undefined ? 'push' : 'replace')
      }
      onClose={() => navigate({ page: 'memory', view: 'runs' })}
      detailLabel={words.detail}
      choose={<EmptyState title={words.choose} hint={words.chooseHint} />}
    >
      {openId !== undefined && <EpisodeDetail key={openId} id={openId} />}
    </RunPanes>
  );
}

/** What was running at single moments. */
export function SnapshotsView({ openId }: RunsViewProps) {
  const words = strings.runs.snapshots;
  const snapshots = useMethod('memory.snapshots', {});
  if (snapshots.error && !snapshots.data) {
    return <ErrorState title={words.failed} error={snapshots.error} onRetry={() => void snapshots.refetch()} />;
  }
  if (snapshots.data?.length === 0) {
    return <EmptyState icon={<IconCamera size={32} />} title={words.emptyTitle} hint={words.emptyHint} />;
  }
  const rows = snapshots.data?.map(({ id, created_at, source, runs }) => ({
    id,
    title: formatDateTime(created_at),
    facts: [words.runs(runs), source === null ? '' : withVisibleControls(words.from(source))]
      .filter(Boolean)
      .join(' · '),
  }));
  return (
    <RunPanes
      label={words.list}
      rows={rows}
      openId={openId}
      onOpen={(id) =>
        navigate({ page: 'memory', view: 'snapshots', memoryId: id }, openId === undefined ? 'push' : 'replace')
      }
      onClose={() => navigate({ page: 'memory', view: 'snapshots' })}
      detailLabel={words.detail}
      choose={<EmptyState title={words.choose} hint={words.chooseHint} />}
    >
      {openId !== undefined && <SnapshotDetail key={openId} id={openId} />}
    </RunPanes>
  );
}
