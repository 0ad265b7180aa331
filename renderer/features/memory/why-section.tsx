import { Table } from '@mantine/core';
import type { Output } from '../../../shared/ipc/contract.ts';
import { lazyModule } from '../../components/markdown/lazy-module.ts';
import { formatConfidence, formatDate } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { Section } from '../settings/section.tsx';
import classes from './memory.module.css';

const words = strings.memory.why;

/** The library that draws comes when the first curve is looked at. */
const useDrawing = lazyModule(() => import('./confidence-curve.tsx'));

interface WhySectionProps {
  readonly why: Output<'memory.why'>;
  /** When the answer was given, ms since 1970. */
  readonly nowMs: number;
}

/** From the base to what is believed now, step by step, and how it goes on. */
export function WhySection({ why, nowMs }: WhySectionProps) {
  const drawing = useDrawing();
  return (
    <Section heading={words.heading(why.current_confidence)}>
      <Steps steps={why.steps} />
      <div className={classes.curve} role="img" aria-label={words.curve(why.current_confidence, why.floor)}>
        {drawing && <drawing.ConfidenceCurve curve={why.curve} floor={why.floor} nowMs={nowMs} />}
      </div>
      <p className={classes.next}>
        <strong>{words.next}.</strong> {nextOf(why)}
      </p>
    </Section>
  );
}

function Steps({ steps }: { readonly steps: WhySectionProps['why']['steps'] }) {
  return (
    <Table className={classes.steps} verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.step}</Table.Th>
          <Table.Th>{words.says}</Table.Th>
          <Table.Th className={classes.number}>{words.change}</Table.Th>
          <Table.Th className={classes.number}>{words.result}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {steps.map(({ kind, text, change, confidence }) => (
          <Table.Tr key={kind}>
            <Table.Th scope="row">{words.kinds[kind]}</Table.Th>
            <Table.Td>{text}</Table.Td>
            <Table.Td className={classes.number}>
              {kind === 'base' ? '' : words.signed(shownChange(change, confidence))}
            </Table.Td>
            <Table.Td className={classes.number}>{formatConfidence(confidence)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The difference between the numbers as they are shown, so that the column adds up. */
function shownChange(change: number, confidence: number): number {
  const shown = (value: number): number => Math.round(value * 100) / 100;
  return shown(confidence) - shown(confidence - change);
}

function nextOf({ memory, fades_at: fadesAt, floor, state }: WhySectionProps['why']): string {
  if (memory.pinned || fadesAt === null) return words.never;
  return state === 'dormant' ? words.faded(formatDate(fadesAt), floor) : words.fades(formatDate(fadesAt), floor);
}
