import { Table } from '@mantine/core';
import type { TeamStatus } from '../../../shared/ipc/team.ts';
import { formatNumber } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { Section } from '../settings/section.tsx';
import classes from './sync.module.css';

const words = strings.sync.parity;

type Side = TeamStatus['collections'][string];

/** Per kind of record: how many here, how many there, and what that means. */
export function ParitySection({ status }: { readonly status: TeamStatus }) {
  return (
    <Section heading={words.heading}>
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.collection}</Table.Th>
            <Table.Th className={classes.number}>{words.local}</Table.Th>
            <Table.Th className={classes.number}>{words.remote}</Table.Th>
            <Table.Th className={classes.number}>{words.waiting}</Table.Th>
            <Table.Th>{words.verdict}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(status.collections).map(([name, side]) => (
            <Table.Tr key={name}>
              <Table.Td>{strings.settings.collectionNames[name] ?? name}</Table.Td>
              <Table.Td className={classes.number}>{formatNumber(side.local)}</Table.Td>
              <Table.Td className={classes.number}>
                {side.remote === null ? words.unknown : formatNumber(side.remote)}
              </Table.Td>
              <Table.Td className={classes.number}>{formatNumber(side.waiting)}</Table.Td>
              <Table.Td>
                <span className={classes.mark} data-state={verdictOf(side)}>
                  {verdictText(side)}
                </span>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function verdictOf({ local, remote, waiting }: Side): 'equal' | 'waiting' | 'differing' | 'unknown' {
  if (waiting > 0) return 'waiting';
  if (remote === null) return 'unknown';
  return local === remote ? 'equal' : 'differing';
}

function verdictText(side: Side): string {
  const texts = { equal: words.equal, waiting: words.waits, differing: words.differs, unknown: words.notAsked };
  return texts[verdictOf(side)];
}
