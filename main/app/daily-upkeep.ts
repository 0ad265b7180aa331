import { registry } from '../../shared/collections/registry.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { MemoryService } from '../memory/types.ts';
import { nodeFs } from '../store/node-fs.ts';
import { type Daily, startDaily } from '../store/retention/daily.ts';
import { applyRetention } from '../store/retention/retention.ts';
import { purgeTrash } from '../store/trash-batches.ts';
import type { Vault } from '../store/types.ts';

const DECAY = { who: 'JOB:decay', source: 'job' };
const RETENTION = { who: 'JOB:retention', why: 'Events are kept for two years.', source: 'job' };

/** What the owner of a vault does once a day: the registry's rules about old records, then the superseded lines of its logs, then a part of the files against their checksums, then what the trash has kept for 30 days. */
export function startDailyUpkeep(vault: Vault, memory: MemoryService, clock: Clock, log: Log): Daily {
  return startDaily({
    vault,
    clock,
    log,
    work: async (signal) => {
      await memory.finishForgetting();
      const { dormant, deleted, observed } = await memory.applyDecay(DECAY);
      if (dormant.length + deleted.length + observed > 0)
        log.info('memories were gone through', { dormant: dormant.length, forgotten: deleted.length, noted: observed });
      if (await memory.sealOld(RETENTION)) log.info('the memory log was sealed');
      const definitions = Object.values(registry);
      for (const { collection, deleted, archives } of await applyRetention({ vault, definitions, clock, signal }))
        log.info('old records went by the retention rules', { collection, deleted, archives: archives.length });
      for (const { collection, files, bytes } of await vault.compact({ signal }))
        log.info('superseded lines were let go', { collection, files, bytes });
      const { part, checked, differing, unreadable } = await vault.verifyFiles(signal);
      if (differing.length + unreadable.length > 0)
        log.warn('files are not as they were written', {
          checked,
          differing: differing.length,
          unreadable: unreadable.length,
        });
      // Once a week: what was done to the files while Almanac was closed (a backup put back) changes what a team lacks.
      const corrected = part % 7 === 0 ? await vault.ledger().compare(signal) : 0;
      if (corrected > 0) log.info('what is known of the team’s database was put right', { records: corrected });
      const purged = await purgeTrash(nodeFs, vault.root, clock);
      if (purged.length > 0) log.info('emptied the trash of what is older than 30 days', { batches: purged.length });
    },
  });
}
