import { AppError } from '../../../shared/errors.ts';

const ASK_AGAIN =
  'Nothing was imported. Ask the other program for a new export, and choose the file as it was downloaded.';

/** The archive is damaged: bytes are missing or wrong. */
export function unreadable(name: string, what: string, cause?: unknown): AppError {
  return new AppError('ARCHIVE_UNREADABLE', `“${name}” cannot be read: ${what}.`, { remedy: ASK_AGAIN, cause });
}

/** The archive could be read, but is made in a way that no export is, and that could do harm. */
export function refused(name: string, what: string): AppError {
  return new AppError('ARCHIVE_REFUSED', `“${name}” was refused: ${what}.`, {
    remedy:
      'Nothing was imported. Exports are not made like this. If you trust the file, unpack it yourself and choose the folder.',
  });
}

/** The archive is sound, but holds nothing we know. */
export function unknown(name: string, what: string, remedy?: string): AppError {
  return new AppError('ARCHIVE_UNKNOWN', `“${name}” is not an export that can be imported: ${what}.`, {
    remedy: remedy ?? 'Nothing was imported. Choose the ZIP, folder or JSON file of a ChatGPT or Claude data export.',
  });
}
