import { IconChartArea } from '@tabler/icons-react';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { lazyModule } from '../../../components/markdown/lazy-module.ts';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { formatNumber, formatShortDate } from '../../../lib/format.ts';
import { hashOf } from '../../../lib/route.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import { useToday } from '../../../lib/use-today.ts';
import type { MemoryView } from '../shown-memories.ts';
import { Figure, Numbers } from './figure.tsx';
import { confidenceBins, fadingDays, growthOf, middleConfidence } from './overview-figures.ts';
import classes from './overview.module.css';

const words = strings.memoryOverview;
const types = strings.memory.list.types;
const useDrawing = lazyModule(() => import('./overview-charts.tsx'));

/** How the memory grows, how sure it is, and what will fade. */
export function OverviewView() {
  const believed = useMethod('memory.list', {});
  if (believed.error && !believed.data) {
    return <ErrorState title={words.failed} error={believed.error} onRetry={() => void believed.refetch()} />;
  }
  if (!believed.data) return <p className={classes.page}>{strings.app.loading}</p>;
  if (believed.data.length === 0) {
    return <EmptyState icon={<IconChartArea size={32} />} title={words.emptyTitle} hint={words.emptyHint} />;
  }
  const dormant = believed.data.filter(({ state }) => state === 'dormant').length;
  return (
    <div className={classes.page}>
      <p className={classes.total}>{words.total(believed.data.length - dormant, dormant)}</p>
      <GrowthFigure memories={believed.data} nowMs={believed.dataUpdatedAt} />
      <ConfidenceFigure memories={believed.data} />
      <FadingFigure memories={believed.data} />
    </div>
  );
}

interface FigureProps {
  readonly memories: readonly MemoryView[];
}

function GrowthFigure({ memories, nowMs }: FigureProps & { readonly nowMs: number }) {
  const drawing = useDrawing();
  const today = useToday();
  const growth = growthOf(memories, nowMs);
  const rows = growth.toReversed().map(({ untilMs, USER_FACT: facts, USER_PATTERN: patterns, ...rest }) => {
    const counts = [facts, patterns, rest.SHARED_NARRATIVE];
    const all = counts.reduce((sum, count) => sum + count, 0);
    return [formatShortDate(new Date(untilMs).toISOString(), today), ...[...counts, all].map(formatNumber)];
  });
  const columns = [words.growth.until, types.USER_FACT, types.USER_PATTERN, types.SHARED_NARRATIVE, words.growth.total];
  return (
    <Figure
      heading={words.growth.heading}
      hint={words.growth.hint}
      label={words.growth.chart(memories.length)}
      chart={drawing && <drawing.GrowthChart growth={growth} />}
    >
      <Numbers label={words.numbers(words.growth.heading)} columns={columns} rows={rows} />
    </Figure>
  );
}

function ConfidenceFigure({ memories }: FigureProps) {
  const drawing = useDrawing();
  const bins = confidenceBins(memories);
  const middle = middleConfidence(memories);
  const rows = bins
    .toReversed()
    .filter(({ active, dormant }) => active + dormant > 0)
    .map(({ from, to, active, dormant }) => [
      words.confidence.bin(from, to),
      formatNumber(active),
      formatNumber(dormant),
    ]);
  return (
    <Figure
      heading={words.confidence.heading}
      hint={`${words.confidence.hint} ${words.confidence.middle(middle)}`}
      label={words.confidence.chart(memories.length, middle)}
      chart={drawing && <drawing.ConfidenceChart bins={bins} />}
    >
      <Numbers
        label={words.numbers(words.confidence.heading)}
        columns={[words.confidence.range, words.confidence.active, words.confidence.dormant]}
        rows={rows}
      />
    </Figure>
  );
}

const mostListed = 7;

function FadingFigure({ memories }: FigureProps) {
  const drawing = useDrawing();
  const today = useToday();
  const days = fadingDays(memories, today);
  const all = days.flatMap((day) => day.memories);
  const { fading } = words;
  const shortDate = (iso: string): string => formatShortDate(iso, today);
  return (
    <Figure
      heading={fading.heading}
      hint={all.length === 0 ? fading.none : fading.hint}
      label={fading.chart(all.length)}
      chart={drawing && all.length > 0 && <drawing.FadingChart days={days} />}
    >
      {all.length > 0 && (
        <>
          <Numbers
            label={words.numbers(fading.heading)}
            columns={[fading.day, fading.count]}
            rows={days
              .filter((day) => day.memories.length > 0)
              .map(({ date, memories: ofDay }) => [shortDate(date.toISOString()), formatNumber(ofDay.length)])}
          />
          <ul className={classes.list} aria-label={fading.list}>
            {all.slice(0, mostListed).map(({ id, text, fades_at: fades }) => (
              <li key={id}>
                <time dateTime={fades ?? ''}>{shortDate(fades ?? '')}</time>
                <a href={hashOf({ page: 'memory', view: 'list', memoryId: id })}>{withVisibleControls(text)}</a>
              </li>
            ))}
            {all.length > mostListed && <li>{fading.more(all.length - mostListed)}</li>}
          </ul>
        </>
      )}
    </Figure>
  );
}
