import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDateTime } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { Section } from '../settings/section.tsx';
import classes from './sync.module.css';

const words = strings.sync.events;

/** What the exchange did and met, newest first. */
export function EventsSection() {
  const events = useMethod('team.events', {});
  return (
    <Section heading={words.heading}>
      {events.data?.length === 0 && <p className={classes.hint}>{words.empty}</p>}
      {events.data !== undefined && events.data.length > 0 && (
        <ul className={classes.events} aria-label={words.list}>
          {events.data.map(({ at, level, message }, index) => (
            // The list only ever grows at its head; equal events may come in one moment.
            <li key={`${at}/${events.data.length - index}`} data-level={level}>
              <time dateTime={at}>{formatDateTime(at)}</time>
              <span>
                {level !== 'info' && <strong>{words.levels[level]}: </strong>}
                {withVisibleControls(message)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
