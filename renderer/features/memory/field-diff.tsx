import { Table } from '@mantine/core';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { strings } from '../../lib/strings.ts';
import type { Change } from './log-changes.ts';
import classes from './memory.module.css';
import { wordDiff, type Piece } from './word-diff.ts';

const words = strings.memory.log;

/** A field as people call it; one that is not known, by its own name. */
export function fieldName(field: string): string {
  return words.fields[field] ?? withVisibleControls(field);
}

/** Before and after, field by field, with what differs marked. */
export function FieldDiff({ changes }: { readonly changes: readonly Change[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key
    <div className={classes.scroll} role="region" aria-label={words.changes} tabIndex={0}>
      <Table className={classes.sides}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={classes.fieldName}>{words.field}</Table.Th>
            <Table.Th>{words.before}</Table.Th>
            <Table.Th>{words.after}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map((change) => (
            <Table.Tr key={change.field}>
              <Table.Th scope="row">{fieldName(change.field)}</Table.Th>
              <Sides change={change} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Sides({ change: { before, after } }: { readonly change: Change }) {
  const { was, is } = wordDiff(withVisibleControls(before ?? ''), withVisibleControls(after ?? ''));
  return (
    <>
      <Table.Td>{before === undefined ? words.absent : <Side pieces={was} as="del" />}</Table.Td>
      <Table.Td>{after === undefined ? words.absent : <Side pieces={is} as="ins" />}</Table.Td>
    </>
  );
}

function Side({ pieces, as: Tag }: { readonly pieces: readonly Piece[]; readonly as: 'del' | 'ins' }) {
  // The pieces of a text do not change places.
  return pieces.map(({ text, isSame }, at) => (isSame ? <span key={at}>{text}</span> : <Tag key={at}>{text}</Tag>));
}
