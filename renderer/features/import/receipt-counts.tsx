import { formatNumber } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import type { Receipt } from '../../../shared/ipc/models.ts';
import classes from './import.module.css';

interface ReceiptCountsProps {
  readonly receipt: Receipt;
}

const words = strings.imports.receipt;

/** Created, updated, skipped, failed: four numbers with their names. */
export function ReceiptCounts({ receipt }: ReceiptCountsProps) {
  const counts = [
    [words.created, receipt.created],
    [words.updated, receipt.updated],
    [words.skipped, receipt.skipped],
    [words.failed, receipt.failed.length],
  ] as const;
  return (
    <dl className={classes.counts}>
      {counts.map(([name, count]) => (
        <div key={name} data-none={count === 0}>
          <dt>{name}</dt>
          <dd>{formatNumber(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
