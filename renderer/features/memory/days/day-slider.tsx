import { ActionIcon, Slider, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { formatDate } from '../../../lib/format.ts';
import { strings } from '../../../lib/strings.ts';
import classes from './days.module.css';
import type { LogDay } from './use-log-days.ts';

const words = strings.memoryDays;

interface DaySliderProps {
  readonly label: string;
  readonly days: readonly LogDay[];
  readonly day: string;
  readonly onChange: (day: string) => void;
}

/** Goes through the days on which something changed: by dragging, by the arrow keys, or step by step. */
export function DaySlider({ label, days, day, onChange }: DaySliderProps) {
  const id = useId();
  const chosen = Math.max(
    0,
    days.findIndex((each) => each.day === day),
  );
  // While it is dragged only the date follows; main is asked when it comes to rest.
  const [dragged, setDragged] = useState<number>();
  const at = dragged ?? chosen;
  const shown = days[at];
  const go = (index: number): void => {
    setDragged(undefined);
    const next = days[index];
    if (next) onChange(next.day);
  };
  return (
    <div className={classes.slider}>
      <div className={classes.sliderHead}>
        <span id={id} className={classes.sliderLabel}>
          {label}
        </span>
        <strong>{shown && dayText(shown.day)}</strong>
        <span className={classes.hint}>{shown && words.changed(shown.events)}</span>
      </div>
      <div className={classes.track}>
        <Step label={words.earlier} isOff={at === 0} onClick={() => go(at - 1)}>
          <IconChevronLeft size={18} />
        </Step>
        <Slider
          className={classes.range ?? ''}
          size="sm"
          min={0}
          max={Math.max(1, days.length - 1)}
          step={1}
          disabled={days.length < 2}
          value={at}
          label={null}
          thumbLabel={label}
          thumbValueText={(index) => dayText(days[index]?.day ?? '')}
          onChange={setDragged}
          onChangeEnd={go}
        />
        <Step label={words.later} isOff={at >= days.length - 1} onClick={() => go(at + 1)}>
          <IconChevronRight size={18} />
        </Step>
      </div>
    </div>
  );
}

interface StepProps {
  readonly label: string;
  readonly isOff: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

function Step({ label, isOff, onClick, children }: StepProps) {
  return (
    <Tooltip label={label}>
      {/* Not `disabled`: that would drop the keyboard's place when the end is reached. */}
      <ActionIcon aria-label={label} aria-disabled={isOff} onClick={() => !isOff && onClick()}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** A UTC day is the same day wherever it is read. */
export function dayText(day: string): string {
  return formatDate(`${day}T12:00:00`);
}
