import { errorData } from '../../shared/ipc/reply.ts';
import type { AppError } from '../../shared/errors.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { remedyHere } from './remedy-here.ts';

/** Prints the result: with `--json` exactly one JSON value, else text for people. */
export function printResult<T>(
  context: CliContext,
  { json }: GlobalOptions,
  value: T,
  asText: (value: T) => string,
): void {
  if (json) return context.out(`${JSON.stringify(value)}\n`);
  const text = asText(value);
  if (text !== '') context.out(`${text}\n`);
}

/** Prints an array of any size as one JSON value, in pieces, or a line for each. */
export function printAll<T>(
  context: CliContext,
  { json }: GlobalOptions,
  values: readonly T[],
  asText: (value: T) => string,
): void {
  if (!json) return values.forEach((value) => context.out(`${asText(value)}\n`));
  context.out('[');
  values.forEach((value, index) => context.out(`${index === 0 ? '' : ',\n'}${JSON.stringify(value)}`));
  context.out(']\n');
}

export function printError(context: CliContext, { json }: GlobalOptions, error: AppError): void {
  if (json) {
    const { code, message } = errorData(error);
    const remedy = remedyHere(error);
    return context.out(`${JSON.stringify({ error: { code, message, remedy } })}\n`);
  }
  context.note(`almanac: ${error.message}\n${remedyHere(error)}\n`);
}

/** Ends a command with exit code 1 when its result, which says what is wrong, is printed already. */
export class PrintedFailure extends Error {
  override readonly name = 'PrintedFailure';
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** Text from a record, safe for a terminal: no control characters that would move the cursor or change its colour. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
