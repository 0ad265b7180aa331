import { z } from 'zod';
import { collectionNames } from '../../shared/collections/registry.ts';
import type { Purging } from '../memory/forget.ts';
import type { Vault } from '../store/types.ts';

/** `_forgetting.json`: what is still to be purged. */
const PENDING = 'forgetting';
const Pending = z.object({
  /** Which emptied events there were when traces of them were looked for last. */
  settled: z.string().nullish(),
  pending: z.array(
    z.object({
      memories: z.array(z.string()),
      order: z.object({
        records: z.array(z.object({ collection: z.enum(collectionNames), id: z.string() })),
        texts: z.array(z.string()),
        allCopies: z.literal(true).optional(),
      }),
    }),
  ),
});

/**
 * What a vault does for forgetting beside its records.
 *
 * @param purgeSearch takes records (`<collection>/<id>`) out of the search index
 */
export function purgingOf(vault: Vault, purgeSearch: (keys: readonly string[]) => Promise<void>): Purging {
  const read = () => Pending.safeParse(vault.readAppFile(PENDING)).data ?? { pending: [], settled: null };
  return {
    // Without members that are undefined, as they were given.
    pending: () =>
      read().pending.map(({ memories, order: { allCopies, ...order } }) => ({
        memories,
        order: { ...order, ...(allCopies && { allCopies }) },
      })),
    remember(pending) {
      vault.writeAppFile(PENDING, { settled: read().settled ?? null, pending });
    },
    settled: () => read().settled ?? null,
    settle(settled) {
      vault.writeAppFile(PENDING, { settled, pending: read().pending });
    },
    async purge(order) {
      const counts = await vault.purge(order);
      // After the files: nobody reads the words from these any more.
      await purgeSearch(order.records.map(({ collection, id }) => `${collection}/${id}`));
      return counts;
    },
  };
}
