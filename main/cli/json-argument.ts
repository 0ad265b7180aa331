import { AppError } from '../../shared/errors.ts';
import type { CliContext } from './context.ts';

/** A JSON object given on the command line, `-` for standard input. BAD_INPUT naming the argument and the place. */
export async function objectArgument(
  context: CliContext,
  name: string,
  text: string,
): Promise<Record<string, unknown>> {
  const value = await jsonArgument(context, name, text);
  if (isObject(value)) return value;
  throw badArgument(name, `is ${nameOf(value)}, not a JSON object`);
}

/** One JSON object, or an array of them. */
export async function objectsArgument(
  context: CliContext,
  name: string,
  text: string,
): Promise<Record<string, unknown> | Record<string, unknown>[]> {
  const value = await jsonArgument(context, name, text);
  if (!Array.isArray(value)) return objectArgument(context, name, JSON.stringify(value));
  return value.map((member: unknown, index) => {
    if (isObject(member)) return member;
    throw badArgument(name, `has ${nameOf(member)} at place ${index} where a JSON object should be`);
  });
}

async function jsonArgument(context: CliContext, name: string, text: string): Promise<unknown> {
  const source = text === '-' ? await context.readInput() : text;
  try {
    return JSON.parse(source);
  } catch (error) {
    throw badArgument(name, `is not valid JSON: ${placed(error, source)}`);
  }
}

/** The parser's reason with line and column, counted from 1. */
function placed(error: unknown, source: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (source.trim() === '') return 'it is empty';
  const position = /at position (\d+)/.exec(reason)?.[1];
  const at = position === undefined ? source.length : Number(position);
  const before = source.slice(0, at).split('\n');
  const short = reason.replace(/,? (?:in JSON )?at position.*$/s, '').replace(/, ".*$/s, '');
  return `${short} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

function badArgument(name: string, problem: string): AppError {
  return new AppError('BAD_INPUT', `${name} ${problem}.`, {
    remedy: `Give ${name} as strict JSON in single quotes, for example '{"title":"Paris"}', or - to read it from standard input.`,
    details: { argument: name },
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
