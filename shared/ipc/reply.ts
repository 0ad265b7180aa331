import { z } from 'zod';
import { AppError, errorCodes, type ErrorCode } from '../errors.ts';

/** An error as it crosses a border: data, never an exception; also what the command line prints with `--json`. */
export const ErrorData = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  remedy: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorData = z.infer<typeof ErrorData>;

export const Reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorData }),
]);
export type Reply = z.infer<typeof Reply>;

export function errorData(error: AppError): ErrorData {
  const data = { code: error.code, message: error.message, remedy: error.remedy };
  return Object.keys(error.details).length === 0 ? data : { ...data, details: { ...error.details } };
}

/** The other way: what the receiving side throws. */
export function errorFromData(data: ErrorData): AppError {
  const code: ErrorCode = data.code;
  return new AppError(code, data.message, { remedy: data.remedy, details: data.details ?? {} });
}
