import { z } from 'zod';
import { collectionNames } from '../../shared/collections/registry.ts';
import type { Purging } from '../memory/forget.ts';
import type { Vault } from '../store/types.ts';

/** `_forgetting.json`: what is still to be purged. */
const PENDING = 'forgetting';
const Pending = z.object({
  pending: z.array(
    z.object({
      memories: z.array(z.string()),
      order: z.object({
        records: z.array(z.object({ collection: z.enum(collectionNames), id: z.string() })),
        texts: z.array(z.string()),
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
  return {
    pending() {
      const read = Pending.safeParse(vault.readAppFile(PENDING));
      return read.success ? read.data.pending : [];
    },
    remember(pending) {
      vault.writeAppFile(PENDING, { pending });
    },
    async purge(order) {
      const counts = await vault.purge(order);
      // After the files: nobody reads the words from these any more.
      await purgeSearch(order.records.map(({ collection, id }) => `${collection}/${id}`));
      return counts;
    },
  };
}
