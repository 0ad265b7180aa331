import { AppError } from '../../shared/errors.ts';

/**
 * When an acknowledged write survives what:
 *
 *     full     each batch is an entry of the log, flushed at once: a kill and a power cut lose nothing
 *     normal   as full; batches that come together share one entry and one flush
 *     relaxed  flushed once a second: a kill loses nothing, a power cut at most the last second, and never from the middle
 */
export const durabilities = ['full', 'normal', 'relaxed'] as const;
export type Durability = (typeof durabilities)[number];

export const usualDurability: Durability = 'normal';

/** What a person set, `undefined` or empty for the usual. BAD_INPUT names the choices. */
export function parseDurability(value: string | undefined): Durability {
  if (value === undefined || value === '') return usualDurability;
  const found = durabilities.find((each) => each === value);
  if (found) return found;
  throw new AppError('BAD_INPUT', `"${value}" is no durability.`, {
    remedy: `Set ALMANAC_DURABILITY to ${durabilities.join(', ')}, or not at all.`,
    details: { value },
  });
}
