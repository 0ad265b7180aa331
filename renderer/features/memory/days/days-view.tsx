import { useState } from 'react';
import { ErrorState } from '../../../components/error-state.tsx';
import { strings } from '../../../lib/strings.ts';
import { AsOfDay } from './as-of-day.tsx';
import { BetweenDays } from './between-days.tsx';
import { DaySlider } from './day-slider.tsx';
import classes from './days.module.css';
import { useLogDays, utcToday, withToday, type LogDay } from './use-log-days.ts';

const words = strings.memoryDays;

/** The memory as it was on another day, what became different between two, and the way back. */
export function DaysView({ isCompared }: { readonly isCompared: boolean }) {
  const days = useLogDays();
  if (days.error && !days.data) {
    return <ErrorState title={words.failed} error={days.error} onRetry={() => void days.refetch()} />;
  }
  if (!days.data) return <p className={classes.top}>{strings.app.loading}</p>;
  if (days.data.length === 0) return <p className={classes.top}>{words.empty}</p>;
  return <TimeMachine days={withToday(days.data, utcToday())} isCompared={isCompared} />;
}

interface TimeMachineProps {
  readonly days: readonly LogDay[];
  readonly isCompared: boolean;
}

function TimeMachine({ days, isCompared }: TimeMachineProps) {
  const last = days.at(-1)?.day ?? '';
  const [from, setFrom] = useState(days.at(-2)?.day ?? last);
  const [to, setTo] = useState(last);
  return (
    <div className={classes.page}>
      <div className={classes.top}>
        <div className={classes.sliders}>
          <DaySlider
            label={isCompared ? words.from : words.day}
            days={days}
            day={from}
            onChange={(day) => {
              setFrom(day);
              if (day > to) setTo(day);
            }}
          />
          {isCompared && (
            <DaySlider
              label={words.to}
              days={days}
              day={to}
              onChange={(day) => {
                setTo(day);
                if (day < from) setFrom(day);
              }}
            />
          )}
        </div>
        <p className={classes.hint}>{words.utc}</p>
      </div>
      {isCompared ? <BetweenDays from={from} to={to} /> : <AsOfDay day={from} today={last} />}
    </div>
  );
}
