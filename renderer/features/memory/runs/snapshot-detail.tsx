import { CodeBlock } from '../../../components/markdown/code-block.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { formatDateTime } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import classes from '../memory.module.css';

const words = strings.runs.snapshots;

/** What was running at a moment, as the program wrote it. */
export function SnapshotDetail({ id }: { readonly id: string }) {
  const found = useMethod('memory.snapshot', { id });
  if (found.error && !found.data) {
    return <ErrorState title={words.failed} error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (!found.data) return <p className={classes.wait}>{strings.app.loading}</p>;
  const { snapshot, active_runs: active } = found.data;
  const facts = [
    words.runs(snapshot.runs),
    snapshot.source === null ? '' : words.from(snapshot.source),
    snapshot.snapshot_id,
  ];
  return (
    <div className={classes.wideSheet}>
      <header className={classes.sheetHead}>
        <h2 className={classes.text}>{formatDateTime(snapshot.created_at)}</h2>
        <p className={classes.hint}>{withVisibleControls(facts.filter(Boolean).join(' · '))}</p>
      </header>
      <section aria-label={words.content}>
        <h3 className={classes.subheading}>{words.content}</h3>
        <CodeBlock code={JSON.stringify(active, null, 2)} language="json" />
      </section>
    </div>
  );
}
