import { createConversations } from '../conversations/conversations.ts';
import { serveHandover } from '../handover/serve-handover.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { silentLog, type Log } from '../lib/log.ts';
import { createSearch } from '../search/search.ts';
import { parseDurability } from '../store/durability.ts';
import { openVault } from '../store/vault.ts';
import { createTransfer } from '../transfer/create-transfer.ts';
import { assembleApp, type App } from './assemble-app.ts';
import { startDailyUpkeep } from './daily-upkeep.ts';
import { createOwnerWork } from './owner-work.ts';
import type { HostActions } from './ports.ts';
import { createUpkeep } from './upkeep.ts';
import { workerFiles } from './worker-files.ts';

export interface CreateAppOptions {
  /** Absolute; created where there is none. */
  readonly vaultPath: string;
  readonly host?: HostActions;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Opens the vault for a screen, with everything that works on it. @throws VAULT_LOCKED and the others of openVault */
export async function createApp(options: CreateAppOptions): Promise<App> {
  const { vaultPath, host = {}, clock = systemClock, log = silentLog } = options;
  const durability = parseDurability(process.env['ALMANAC_DURABILITY']);
  const vault = await openVault({ root: vaultPath, mode: 'owner', create: true, clock, log, durability });
  const search = createSearch({ vault, workerUrl: workerFiles.search, clock, log });
  const transfer = createTransfer({ vault, workerUrl: workerFiles.transfer, clock });
  const conversations = createConversations({
    store: vault,
    restoreTrash: (batch) => vault.restoreTrash(batch),
    clock,
  });
  const coverage = async () => search.coverage();
  const upkeep = createUpkeep({ vault, clock, coverage, rebuildSearch: () => search.rebuild() });
  const work = createOwnerWork({
    vault,
    search: async () => search,
    transfer: async () => transfer,
    upkeep: async () => upkeep,
  });
  const handover = await serveHandover({ root: vault.root, work, log });
  await vault.watchFiles();
  const daily = startDailyUpkeep(vault, clock, log);
  const close = async (): Promise<void> => {
    // Commands first: what they began needs all of the rest.
    await handover.close();
    await daily.stop();
    conversations.close();
    await search.close();
    await vault.close();
  };
  return assembleApp({ vault, search, transfer, conversations, upkeep, close }, { host, log });
}
