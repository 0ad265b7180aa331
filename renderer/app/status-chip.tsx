import { Popover, UnstyledButton } from '@mantine/core';
import { formatMoment } from '../lib/format.ts';
import { strings } from '../lib/strings.ts';
import { useToday } from '../lib/use-today.ts';
import { useMethod } from '../lib/use-method.ts';
import classes from './status-chip.module.css';
import { chipOf } from './chip-state.ts';

/** How the vault stands, always visible; opened, it says what that means. */
export function StatusChip() {
  const status = useMethod('vault.status', {});
  const team = useMethod('team.status', {});
  const today = useToday();
  const chip = chipOf(status.data, status.error, (iso) => formatMoment(iso, today), team.data);
  return (
    <Popover position="bottom-end" width={340} withArrow={false} trapFocus={false}>
      <Popover.Target>
        <UnstyledButton className={classes.chip} aria-label={`${strings.status.label}: ${chip.label}`}>
          <span className={classes.dot} data-tone={chip.tone} aria-hidden />
          <span className={classes.label}>{chip.label}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={classes.notes}>
          {chip.notes.map((note) => (
            <div key={note.heading}>
              <dt>{note.heading}</dt>
              <dd>{note.text}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
