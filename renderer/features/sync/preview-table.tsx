import { Table } from '@mantine/core';
import { ErrorState } from '../../components/error-state.tsx';
import { formatNumber } from '../../lib/format.ts';
import { takeLostFocus } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import classes from './sync.module.css';

const words = strings.sync.preview;
const nameOf = (collection: string): string => strings.settings.collectionNames[collection] ?? collection;

/** What would leave this computer at the first exchange, and what never does. */
export function PreviewTable() {
  const preview = useMethod('team.preview', {});
  if (preview.error) {
    return <ErrorState title={strings.app.errorTitle} error={preview.error} onRetry={() => void preview.refetch()} />;
  }
  if (!preview.data)
    return (
      <p className={classes.hint} ref={takeLostFocus} tabIndex={-1}>
        {strings.app.loading}
      </p>
    );
  const { collections, kept } = preview.data;
  return (
    <div className={classes.preview} ref={takeLostFocus} tabIndex={-1}>
      <h3 className={classes.subheading}>{words.heading}</h3>
      {collections.length === 0 && <p className={classes.hint}>{words.nothing}</p>}
      {collections.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.collection}</Table.Th>
              <Table.Th className={classes.number}>{words.count}</Table.Th>
              <Table.Th className={classes.number}>{words.size}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {collections.map(({ collection, records, bytes, examples }) => (
              <Table.Tr key={collection}>
                <Table.Td>
                  {nameOf(collection)}
                  <div className={classes.examples}>{examples.join(' · ')}</div>
                </Table.Td>
                <Table.Td className={classes.number}>{formatNumber(records)}</Table.Td>
                <Table.Td className={classes.number}>{words.bytes(bytes)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {kept.length > 0 && (
        <>
          <h3 className={classes.subheading}>{words.kept}</h3>
          <ul className={classes.kept}>
            {kept.map(({ collection, records, why }) => (
              <li key={`${collection}/${why}`}>
                {nameOf(collection)}: {formatNumber(records)} ({why})
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
