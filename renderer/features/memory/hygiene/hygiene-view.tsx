import { Button, UnstyledButton } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { formatNumber, formatTime } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import type { MemoryView } from '../shown-memories.ts';
import classes from './hygiene.module.css';
import { HygienePart } from './hygiene-part.tsx';
import { countsOf, hygieneKinds, type HygieneKind, type Report } from './report-items.ts';

const words = strings.hygiene;

/** What could be tidied up, part by part, and what can be done with many at once. */
export function HygieneView() {
  const report = useMethod('memory.hygiene', {});
  const believed = useMethod('memory.list', {});
  const failed = report.error ?? believed.error;
  if (failed && !(report.data && believed.data)) {
    const retry = (): void => {
      void report.refetch();
      void believed.refetch();
    };
    return <ErrorState title={words.failed} error={failed} onRetry={retry} />;
  }
  if (!report.data || !believed.data) return <p className={classes.head}>{words.loading}</p>;
  return (
    <Parts
      report={report.data}
      memories={believed.data}
      isLooking={report.isFetching}
      onAgain={() => void report.refetch()}
    />
  );
}

interface PartsProps {
  readonly report: Report;
  readonly memories: readonly MemoryView[];
  readonly isLooking: boolean;
  readonly onAgain: () => void;
}

function Parts({ report, memories, isLooking, onAgain }: PartsProps) {
  const counts = countsOf(report);
  const [chosen, setKind] = useState<HygieneKind>();
  // The first that has something to show; a choice stays when it is done with, while there is anything else to do.
  const first = hygieneKinds.find((each) => counts[each] > 0);
  const kind = first && (chosen ?? first);
  const byId = useMemo(() => new Map(memories.map((memory) => [memory.id, memory])), [memories]);
  if (kind === undefined) {
    return (
      <EmptyState icon={<IconSparkles size={32} />} title={words.emptyTitle} hint={words.emptyHint}>
        <Button variant="default" loading={isLooking} onClick={onAgain}>
          {words.again}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className={classes.panes}>
      <nav className={classes.kinds} aria-label={words.label}>
        {hygieneKinds.map((each) => (
          <UnstyledButton
            key={each}
            className={classes.kind}
            aria-current={each === kind || undefined}
            onClick={() => setKind(each)}
          >
            {words.kinds[each]} <span className={classes.count}>{formatNumber(counts[each])}</span>
          </UnstyledButton>
        ))}
        <div className={classes.foot}>
          <p>{words.at(formatTime(report.at), report.memories)}</p>
          <Button size="compact-sm" variant="default" loading={isLooking} onClick={onAgain}>
            {words.again}
          </Button>
        </div>
      </nav>
      <HygienePart key={kind} kind={kind} report={report} byId={byId} />
    </div>
  );
}
