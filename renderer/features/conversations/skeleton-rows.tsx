import { strings } from '../../lib/strings.ts';
import classes from './skeleton-rows.module.css';

/** In hundredths of the row's width, so that the rows do not look like a grid. */
const titleWidths = [62, 48, 71, 55, 40, 66];

/** A row whose conversation is on its way. */
export function SkeletonRow({ index }: { readonly index: number }) {
  return (
    <div className={classes.row} aria-hidden>
      <span className={classes.title} style={{ width: `${titleWidths[index % titleWidths.length] ?? 50}%` }} />
      <span className={classes.second} />
    </div>
  );
}

/** The list while nothing of it is known yet. */
export function SkeletonRows() {
  return (
    <output className={classes.rows} aria-label={strings.conversations.loading}>
      {titleWidths.map((_, index) => (
        // The rows are all alike and never change places.
        // oxlint-disable-next-line react/no-array-index-key
        <SkeletonRow key={index} index={index} />
      ))}
    </output>
  );
}
