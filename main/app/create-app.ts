import { toAppError } from '../../shared/errors.ts';
import { createConversations } from '../conversations/conversations.ts';
import { serveHandover } from '../handover/serve-handover.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { silentLog, type Log } from '../lib/log.ts';
import { createSearch } from '../search/search.ts';
import { parseDurability } from '../store/durability.ts';
import { USUAL_REDACTION } from '../memory/redact.ts';
import type { Vault } from '../store/types.ts';
import { createModalStore } from '../team/modal-store.ts';
import { openVault } from '../store/vault.ts';
import { createTransfer } from '../transfer/create-transfer.ts';
import type { MemoryDoor } from '../transfer/lookup.ts';
import { assembleApp, type App } from './assemble-app.ts';
import { startDailyUpkeep } from './daily-upkeep.ts';
import { openMemory } from './open-memory.ts';
import { createOwnerWork } from './owner-work.ts';
import type { HostActions } from './ports.ts';
import { openTeam } from './open-team.ts';
import { readRedaction, redactedForExport, redactingLog } from './redaction.ts';
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
  const { vaultPath, host = {}, clock = systemClock, log: plainLog = silentLog } = options;
  const durability = parseDurability(process.env['ALMANAC_DURABILITY']);
  let opened: Vault | undefined;
  const log = redactingLog(plainLog, () => (opened ? readRedaction(opened) : USUAL_REDACTION));
  const vault = await openVault({ root: vaultPath, mode: 'owner', create: true, clock, log, durability });
  opened = vault;
  const search = createSearch({ vault, workerUrl: workerFiles.search, clock, log });
  const memory = openMemory(vault, clock, (keys) => search.purge(keys));
  const memoryDoor: MemoryDoor = (offered) => memory.service.refusals(offered);
  const transfer = createTransfer({ vault, workerUrl: workerFiles.transfer, clock, memoryDoor });
  const team = openTeam({ vault, clock, log, keychain: host.keychain, isResident: true });
  const conversations = createConversations({
    store: createModalStore(vault, team.reads),
    restoreTrash: (batch) => vault.restoreTrash(batch),
    redactExports: () => redactedForExport(vault),
    clock,
  });
  const coverage = async () => search.coverage();
  const upkeep = createUpkeep({ vault, clock, coverage, rebuildSearch: () => search.rebuild() });
  const work = createOwnerWork({
    vault,
    search: async () => search,
    transfer: async () => transfer,
    upkeep: async () => upkeep,
    memory: async () => memory,
    team: async () => team,
  });
  const handover = await serveHandover({ root: vault.root, work, log });
  await vault.watchFiles();
  // What a crash cut short, without holding up the screen.
  memory.service
    .finishForgetting()
    .catch((error: unknown) => log.warn('a forgetting could not be finished yet', { reason: toAppError(error).code }));
  const daily = startDailyUpkeep(vault, memory.service, clock, log);
  const close = async (): Promise<void> => {
    // Commands first: what they began needs all of the rest.
    await handover.close();
    await daily.stop();
    await team.close();
    conversations.close();
    memory.service.close();
    await search.close();
    await vault.close();
  };
  return assembleApp({ vault, search, transfer, conversations, upkeep, memory, team, close }, { host, log });
}
