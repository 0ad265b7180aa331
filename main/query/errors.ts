import { AppError } from '../../shared/errors.ts';

export function badFilter(message: string, remedy: string): AppError {
  return new AppError('BAD_FILTER', message, { remedy });
}

export function badUpdate(message: string, remedy: string): AppError {
  return new AppError('BAD_UPDATE', message, { remedy });
}

/** A value of the request as it can stand in a message: short, on one line. */
export function shown(value: unknown): string {
  const text = value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What kind of value a record holds, for messages that must not repeat the record's text. */
export function kindOf(value: unknown): string {
  if (value == null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}
