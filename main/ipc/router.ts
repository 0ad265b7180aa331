import type { z } from 'zod';
import { AppError, toAppError } from '../../shared/errors.ts';
import { isMethodName, methods, type Handlers, type MethodName } from '../../shared/ipc/contract.ts';
import { errorData, type Reply } from '../../shared/ipc/reply.ts';
import type { Log } from '../lib/log.ts';
import { withoutPaths } from './hide-paths.ts';
import { assertPlainData } from './plain-data.ts';

/** Answers one call of the page. Never throws and never rejects. */
export type Dispatch = (method: string, rawInput: unknown) => Promise<Reply>;

export interface RouterOptions {
  readonly log: Log;
  /** How long a method may take before the caller gets TIMED_OUT. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 60_000;
/** Methods that wait for a person, or are followed and cancelled by the person. */
const untimed: ReadonlySet<MethodName> = new Set([
  'files.pick',
  'vault.reveal',
  'import.preview',
  'import.run',
  'import.undo',
  'search.rebuild',
  'doctor.run',
  'trash.list',
  'trash.restore',
]);

/** Binds the contract to its handlers: input checked strictly, output checked, errors as data without paths. */
export function createRouter(handlers: Handlers, options: RouterOptions): Dispatch {
  return async (method, rawInput) => {
    try {
      if (!isMethodName(method)) throw unknownMethod();
      return { ok: true, value: await answer(handlers, method, rawInput, options) };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'INTERNAL') options.log.warn('a call failed', { method, reason: error.message });
      return { ok: false, error: withoutPaths(errorData(error)) };
    }
  };
}

async function answer(
  handlers: Handlers,
  method: MethodName,
  rawInput: unknown,
  options: RouterOptions,
): Promise<unknown> {
  assertPlainData(rawInput);
  const input = checkedInput(method, rawInput);
  // The compiler cannot see that input and handler belong to the same name; the contract's types do.
  const handle = handlers[method] as (input: unknown) => Promise<unknown>;
  const running = handle(input);
  const output = untimed.has(method)
    ? await running
    : await withTimeout(running, method, options.timeoutMs ?? defaultTimeoutMs);
  return checkedOutput(method, output);
}

function checkedInput(method: MethodName, rawInput: unknown): unknown {
  const parsed = methods[method].input.safeParse(rawInput);
  if (parsed.success) return parsed.data;
  const { field, reason } = firstComplaint(parsed.error);
  throw new AppError('BAD_INPUT', `${method}: ${field === '' ? 'the input' : `field "${field}"`}: ${reason}`, {
    remedy: 'Correct the field and call again.',
    details: { method, field },
  });
}

function firstComplaint(error: z.ZodError): { field: string; reason: string } {
  const [issue] = error.issues;
  if (issue === undefined) return { field: '', reason: 'not accepted' };
  const path = issue.path.map(String);
  const [extra] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return { field: [...path, ...(extra === undefined ? [] : [extra])].join('.').slice(0, 200), reason: issue.message };
}

function checkedOutput(method: MethodName, output: unknown): unknown {
  const parsed = methods[method].output.safeParse(output);
  if (parsed.success) return parsed.data;
  const { field, reason } = firstComplaint(parsed.error);
  throw new Error(`${method} answered with a wrong field "${field}": ${reason}`);
}

function unknownMethod(): AppError {
  return new AppError('NOT_FOUND', 'There is no such method.', {
    remedy: 'Reload the window: the page may be older than the program.',
  });
}

async function withTimeout<T>(running: Promise<T>, method: MethodName, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new AppError('TIMED_OUT', `${method} gave no answer within ${Math.round(timeoutMs / 1000)} seconds.`, {
          remedy: 'It may still finish. Wait a moment, look whether it did, and try again if not.',
        }),
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}
