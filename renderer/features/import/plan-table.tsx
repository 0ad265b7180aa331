import { IconAlertTriangle, IconEqual, IconPencil, IconPlus } from '@tabler/icons-react';
import { TableVirtuoso } from 'react-virtuoso';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatDate, formatNumber } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import classes from './plan-table.module.css';
import type { PlanRow } from './use-plan-rows.ts';

interface PlanTableProps {
  readonly rows: readonly PlanRow[];
}

const words = strings.imports.plan;
const icons = { create: IconPlus, update: IconPencil, skip: IconEqual, fail: IconAlertTriangle } as const;
const rowHeight = 33;

/** What the import would do with each conversation; only the visible rows exist as elements. */
export function PlanTable({ rows }: PlanTableProps) {
  // Most imports have nothing to remark, and the titles take the room.
  const hasNotes = rows.some((row) => row.note !== '');
  return (
    <TableVirtuoso
      className={classes.table}
      aria-label={words.tableLabel}
      tabIndex={0}
      data={rows}
      defaultItemHeight={rowHeight}
      // Something to draw before the first measurement.
      initialItemCount={Math.min(rows.length, 20)}
      fixedHeaderContent={() => (
        <tr>
          <th scope="col">{words.columns.action}</th>
          <th scope="col">{words.columns.title}</th>
          <th scope="col">{words.columns.date}</th>
          <th scope="col" data-number>
            {words.columns.messages}
          </th>
          {hasNotes && <th scope="col">{words.columns.note}</th>}
        </tr>
      )}
      itemContent={(_, row) => <PlanCells row={row} hasNotes={hasNotes} />}
    />
  );
}

function PlanCells({ row, hasNotes }: { readonly row: PlanRow; readonly hasNotes: boolean }) {
  const Icon = icons[row.action];
  const title = row.title === '' ? strings.conversations.untitled : withVisibleControls(row.title);
  return (
    <>
      <td data-action={row.action}>
        <span className={classes.action}>
          <Icon size={14} stroke={1.75} aria-hidden />
          {words.actions[row.action]}
        </span>
      </td>
      <td className={classes.title} data-untitled={row.title === ''} title={title}>
        {title}
      </td>
      <td>{row.created_at === null ? '' : formatDate(row.created_at)}</td>
      <td data-number>
        {row.action === 'update' ? words.newMessages(row.new_messages, row.messages) : formatNumber(row.messages)}
      </td>
      {hasNotes && (
        <td className={classes.note} title={row.note}>
          {row.note}
        </td>
      )}
    </>
  );
}
