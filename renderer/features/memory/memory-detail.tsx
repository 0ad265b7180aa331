import type { Output } from '../../../shared/ipc/contract.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDate, formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { Section } from '../settings/section.tsx';
import { ConfidenceBar } from './confidence-bar.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { LogEntries } from './log-entries.tsx';
import { MemoryActions } from './memory-actions.tsx';
import classes from './memory.module.css';
import type { MemoryView } from './shown-memories.ts';
import { WhySection } from './why-section.tsx';

const words = strings.memory;
/** As many as tell a memory's life; the log has them all. */
const historyShown = 20;

interface MemoryDetailProps {
  readonly id: string;
  readonly onForgotten: (result: Output<'memory.forget'>) => void;
}

/** One memory: what can be done with it, why it is believed, what it rests on, what became of it. */
export function MemoryDetail({ id, onForgotten }: MemoryDetailProps) {
  const why = useMethod('memory.why', { id });
  // An answer stays while a newer one fails: a memory that was forgotten this moment has no reasons any more.
  if (!why.data) {
    if (!why.error) return <p className={classes.wait}>{strings.app.loading}</p>;
    return <ErrorState title={words.detail.failed} error={why.error} onRetry={() => void why.refetch()} />;
  }
  const { memory } = why.data;
  return (
    <div className={classes.sheet}>
      <header className={classes.sheetHead}>
        <h2 className={classes.text}>{withVisibleControls(memory.text)}</h2>
        <ConfidenceBar value={memory.current_confidence} isDormant={memory.state !== 'active'} />
        <p className={classes.hint}>{factsOf(memory)}</p>
      </header>
      <MemoryActions memory={memory} onForgotten={onForgotten} />
      <WhySection why={why.data} nowMs={why.dataUpdatedAt} />
      <Section heading={words.evidence.heading}>
        <EvidenceList evidence={why.data.evidence} memoryId={id} />
      </Section>
      <Section heading={words.log.history}>
        <LogEntries id={id} limit={historyShown} />
      </Section>
    </div>
  );
}

function factsOf(memory: MemoryView): string {
  const { subject, domain, scope, pinned, state } = memory;
  const confirmed =
    memory.last_confirmed_at === null
      ? words.detail.never
      : words.detail.confirmed(formatDateTime(memory.last_confirmed_at));
  const facts = [
    words.types[memory.type],
    words.states[state],
    pinned ? words.detail.pinned : '',
    subject === null ? '' : withVisibleControls(words.detail.about(subject)),
    domain === null ? '' : withVisibleControls(domain),
    confirmed,
    words.detail.added(formatDate(memory.added_at)),
    words.detail.recalled(memory.recall_count, memory.last_recalled_at && formatDate(memory.last_recalled_at)),
    words.detail.scopes[scope],
  ];
  return facts.filter(Boolean).join(' · ');
}
