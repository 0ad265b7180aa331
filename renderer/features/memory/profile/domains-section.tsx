import { Button, Table } from '@mantine/core';
import type { Domain } from '../../../../shared/collections/profiles.ts';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { useClient } from '../../../lib/client-context.ts';
import { formatDate, formatNumber } from '../../../lib/format.ts';
import { navigate } from '../../../lib/route.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import { Section } from '../../settings/section.tsx';
import { ConfidenceBar } from '../confidence-bar.tsx';
import { keepFilter } from '../kept-filter.ts';
import classes from '../memory.module.css';
import { wholeList } from '../shown-memories.ts';
import { domainRows, type DomainRow } from './domain-rows.ts';

const words = strings.profile.domains;

/** What it is all about, with bars of how sure it is. */
export function DomainsSection({ domains }: { readonly domains: readonly Domain[] }) {
  const client = useClient();
  const believed = useMethod('memory.list', {});
  const rows = domainRows(domains, believed.data ?? []);
  const show = (domain: string): void => {
    keepFilter(client, { ...wholeList, domain });
    navigate({ page: 'memory', view: 'list' });
  };
  return (
    <Section heading={words.heading}>
      <p className={classes.hint}>{rows.length === 0 && believed.data ? words.none : words.hint}</p>
      {rows.length > 0 && (
        <Table className={classes.steps}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.domain}</Table.Th>
              <Table.Th>{words.confidence}</Table.Th>
              <Table.Th className={classes.number}>{words.memories}</Table.Th>
              <Table.Th>{words.tools}</Table.Th>
              <Table.Th>{words.mentioned}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <DomainLine key={row.domain} row={row} onShow={() => show(row.domain)} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function DomainLine({ row, onShow }: { readonly row: DomainRow; readonly onShow: () => void }) {
  const name = withVisibleControls(row.domain);
  return (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td>
        <ConfidenceBar value={row.confidence} />
      </Table.Td>
      <Table.Td className={classes.number}>
        {row.memories === 0 ? (
          formatNumber(0)
        ) : (
          <Button variant="subtle" size="compact-xs" aria-label={words.show(name, row.memories)} onClick={onShow}>
            {formatNumber(row.memories)}
          </Button>
        )}
      </Table.Td>
      <Table.Td>{withVisibleControls(row.tools.join(', '))}</Table.Td>
      <Table.Td>{row.lastMentioned !== undefined && formatDate(row.lastMentioned)}</Table.Td>
    </Table.Tr>
  );
}
