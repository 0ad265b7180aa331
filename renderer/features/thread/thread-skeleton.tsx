import { strings } from '../../lib/strings.ts';
import classes from './thread-pane.module.css';

const lines = [28, 92, 97, 64, 34, 95, 88, 91, 40] as const;

/** Where the text will stand, shown only if it takes longer than a blink. */
export function ThreadSkeleton() {
  return (
    <div className={classes.skeleton} aria-busy="true" role="img" aria-label={strings.thread.loading}>
      {lines.map((width, at) => (
        <span key={at} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
