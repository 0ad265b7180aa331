import type { JobOptions } from '../app/open-parts.ts';
import type { CliContext } from './context.ts';

type Progress = Parameters<NonNullable<JobOptions['onProgress']>>[0];

/** Cancellation by Ctrl-C, and a line on standard error that is rewritten in place while a person watches. */
export function jobOptions(context: CliContext): JobOptions & { done(): void } {
  if (!context.isWatched) return { signal: context.signal, done: () => undefined };
  let shown = '';
  return {
    signal: context.signal,
    onProgress(progress) {
      const line = progressLine(progress);
      if (line === shown) return;
      context.note(`\r${line.padEnd(shown.length)}`);
      shown = line;
    },
    done: () => {
      if (shown !== '') context.note(`\r${' '.repeat(shown.length)}\r`);
    },
  };
}

function progressLine({ phase, done, total, unit }: Progress): string {
  const amount = (value: number): string =>
    unit === 'bytes' ? `${(value / 1_000_000).toFixed(0)} MB` : value.toLocaleString('en');
  const part =
    total > 0 ? ` ${Math.floor((100 * done) / total)} %, ${amount(done)} of ${amount(total)}` : ` ${amount(done)}`;
  return `${phase}${part}${unit === 'bytes' ? '' : ` ${unit}`}`;
}
