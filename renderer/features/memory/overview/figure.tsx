import type { ReactNode } from 'react';
import { Section } from '../../settings/section.tsx';
import classes from './overview.module.css';

interface FigureProps {
  readonly heading: string;
  readonly hint: string;
  /** What the drawing says, in a sentence. */
  readonly label: string;
  readonly chart: ReactNode;
  /** The numbers: what is drawn, for everybody to read. */
  readonly children: ReactNode;
}

/** A drawing with its numbers beside it; below it where there is no room. */
export function Figure({ heading, hint, label, chart, children }: FigureProps) {
  return (
    <Section heading={heading}>
      <p className={classes.hint}>{hint}</p>
      <div className={classes.figure}>
        <div className={classes.chart} role="img" aria-label={label}>
          {chart}
        </div>
        <div className={classes.numbers}>{children}</div>
      </div>
    </Section>
  );
}

interface NumbersProps {
  readonly label: string;
  readonly columns: readonly string[];
  /** The first cell of each row names it. */
  readonly rows: readonly (readonly string[])[];
}

/** The numbers of a drawing as a table; a box that scrolls is reached by key. */
export function Numbers({ label, columns, rows }: NumbersProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.box} role="region" aria-label={label} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, at) => (
                <td key={columns[at + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
