/**
 * Every error a person or a program can get from Almanac, by stable code. Decide on `code`, never on message text.
 * Cause and remedy of each stand in docs/errors.md; a test holds the two lists together.
 */
export const errorCodes = [
  'BAD_INPUT',
  'BAD_FILTER',
  'BAD_UPDATE',
  'BAD_RECORD',
  'BAD_ID',
  'DUPLICATE_KEY',
  'UNKNOWN_COLLECTION',
  'NOT_FOUND',
  'VAULT_MISSING',
  'VAULT_NOT_EMPTY',
  'VAULT_FORMAT',
  'VAULT_LOCKED',
  'VAULT_DAMAGED',
  'VAULT_CLOSED',
  'VAULT_READ_ONLY',
  'OWNER_GONE',
  'DISK_FULL',
  'DISK_ERROR',
  'PATH_REFUSED',
  'RECORD_DAMAGED',
  'ARCHIVE_UNREADABLE',
  'ARCHIVE_REFUSED',
  'ARCHIVE_UNKNOWN',
  'IMPORT_NOT_FOUND',
  'IMPORT_UNDONE',
  'SEARCH_UNAVAILABLE',
  'MEMORY_OFF',
  'MEMORY_KNOWN',
  'MEMORY_FORGOTTEN',
  'CHANGED_MEANWHILE',
  'SYNC_NOT_CONFIGURED',
  'SYNC_NEEDS_DECISION',
  'CREDENTIALS_UNREADABLE',
  'REMOTE_URL_BAD',
  'REMOTE_NOT_FOUND',
  'REMOTE_REFUSED',
  'REMOTE_TIMED_OUT',
  'REMOTE_TLS',
  'REMOTE_CLOCK',
  'REMOTE_AUTH',
  'REMOTE_FORBIDDEN',
  'REMOTE_NOT_REPLICA_SET',
  'REMOTE_NOT_PREPARED',
  'REMOTE_AWAY',
  'REMOTE_CONTESTED',
  'REMOTE_FAILED',
  'CANCELLED',
  'HANDLE_EXPIRED',
  'NOT_SUPPORTED',
  'FORBIDDEN',
  'TOO_MANY_CALLS',
  'TIMED_OUT',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorOptions {
  /** What the person can do about it: one sentence. */
  readonly remedy: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error that says what happened, to what (message), and what to do (remedy). Base of all our error classes. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.details = options.details ?? {};
  }
}

/** Turns anything thrown into an AppError; what we did not foresee becomes INTERNAL with the original as its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelled(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('INTERNAL', `Something unforeseen went wrong: ${message}`, {
    remedy: 'Nothing was changed. Try again; if it happens again, report it with the text of this message.',
    cause: thrown,
  });
}

export function cancelled(cause?: unknown): AppError {
  return new AppError('CANCELLED', 'The work was cancelled.', { remedy: 'Nothing was kept. Start it again.', cause });
}
