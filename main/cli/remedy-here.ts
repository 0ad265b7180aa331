import type { AppError, ErrorCode } from '../../shared/errors.ts';

/** What an error's remedy is called on the command line; the errors themselves speak for every door. */
const options: Partial<Record<ErrorCode, string>> = {
  MEMORY_KNOWN: '`almanac memory confirm` or `merge` do the former, `--anyway` the latter.',
  MEMORY_FORGOTTEN: '`--anyway` does so.',
};

export function remedyHere({ code, remedy }: AppError): string {
  return [remedy, options[code]].filter(Boolean).join(' ');
}
