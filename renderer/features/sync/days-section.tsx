import { Heatmap } from '@mantine/charts';
import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState, type ComponentProps } from 'react';
import type { ParityDay } from '../../../shared/ipc/team.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { useToday } from '../../lib/use-today.ts';
import { Section } from '../settings/section.tsx';
import classes from './sync.module.css';

const words = strings.sync.days;
const states: readonly ParityDay['state'][] = ['equal', 'waiting', 'differing', 'unknown'];

/** A year's days, each by whether both sides have the same records of it. */
export function DaysSection() {
  const today = useToday();
  const [year, setYear] = useState(() => today.getFullYear());
  const days = useMethod('team.days', { year }, { keepPrevious: true });
  return (
    <Section heading={words.heading}>
      <div className={classes.start}>
        <p className={classes.hint}>{days.data === undefined ? words.hint : summaryOf(days.data)}</p>
        <div className={classes.years} role="group" aria-label={words.year}>
          <ActionIcon aria-label={words.previous} onClick={() => setYear(year - 1)}>
            <IconChevronLeft size={18} />
          </ActionIcon>
          <span className={classes.year} aria-live="polite">
            {year}
          </span>
          <ActionIcon aria-label={words.next} disabled={year >= today.getFullYear()} onClick={() => setYear(year + 1)}>
            <IconChevronRight size={18} />
          </ActionIcon>
        </div>
      </div>
      {days.error && <ErrorState title={words.failed} error={days.error} onRetry={() => void days.refetch()} />}
      {days.data && <Calendar year={year} days={days.data} />}
    </Section>
  );
}

function summaryOf(days: readonly ParityDay[]): string {
  if (days.length === 0) return words.empty;
  if (days.every(({ state }) => state === 'unknown')) return words.notCompared;
  const equal = days.filter(({ state }) => state === 'equal').length;
  return words.summary(equal, days.length - equal);
}

function Calendar({ year, days }: { readonly year: number; readonly days: readonly ParityDay[] }) {
  const byDay = new Map(days.map((day) => [day.day, day]));
  const labelOf = (date: string): string => {
    const { records = 0, state = 'unknown' } = byDay.get(date) ?? {};
    return words.label(date, records, words.states[state]);
  };
  return (
    <>
      <div className={classes.calendar} role="img" aria-label={summaryOf(days)}>
        <Heatmap
          data={Object.fromEntries(days.map(({ day, records }) => [day, records]))}
          startDate={`${year}-01-01`}
          endDate={`${year}-12-31`}
          withMonthLabels
          withOutsideDates={false}
          withTooltip
          rectSize={11}
          gap={2}
          getTooltipLabel={({ date }) => labelOf(date)}
          classNames={{ rect: classes.day ?? '', monthLabel: classes.month ?? '' }}
          // A data attribute is no prop that React's types of a rectangle name.
          getRectProps={({ date }) => ({ 'data-state': byDay.get(date)?.state ?? 'none' }) as ComponentProps<'rect'>}
        />
      </div>
      <ul className={classes.legend} aria-hidden>
        {states.map((state) => (
          <li key={state}>
            <span className={classes.swatch} data-state={state} /> {words.states[state]}
          </li>
        ))}
      </ul>
    </>
  );
}
