import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import type { Receipt } from '../../../shared/ipc/models.ts';
import { useWindowActions } from '../../app/window-actions.ts';
import { ColumnPage } from '../../components/column-page.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { ExportGuide } from './export-guide.tsx';
import classes from './imports-page.module.css';
import { ReceiptCard } from './receipt-card.tsx';

const words = strings.imports.page;

/** The receipts of earlier imports, newest first, each with its undo. */
export function ImportsPage() {
  const { openImport } = useWindowActions();
  const receipts = useMethod('import.list', {});
  if (receipts.error) {
    return <ErrorState title={words.failed} error={receipts.error} onRetry={() => void receipts.refetch()} />;
  }
  if (receipts.isPending) return <div aria-busy="true" />;
  const isEmpty = receipts.data.length === 0;
  return (
    <ColumnPage
      heading={words.heading}
      action={!isEmpty && <Button onClick={() => openImport()}>{words.import}</Button>}
    >
      {isEmpty ? <NothingYet onImport={() => openImport()} /> : <Receipts receipts={receipts.data} />}
    </ColumnPage>
  );
}

function NothingYet({ onImport }: { readonly onImport: () => void }) {
  return (
    <>
      <div className={classes.empty}>
        <EmptyState icon={<IconFileImport size={28} />} title={words.empty.title} hint={words.empty.hint}>
          <Button onClick={onImport}>{words.import}</Button>
        </EmptyState>
      </div>
      <ExportGuide />
    </>
  );
}

function Receipts({ receipts }: { readonly receipts: readonly Receipt[] }) {
  return (
    <ul className={classes.receipts} aria-label={words.listLabel}>
      {receipts.map((receipt) => (
        <li key={receipt.id}>
          <ReceiptCard receipt={receipt} />
        </li>
      ))}
    </ul>
  );
}
