import { join } from 'node:path';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { Filter } from '../../shared/store/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Search } from '../search/types.ts';
import type { Vault } from '../store/types.ts';
import type { MemoryDoor } from '../transfer/lookup.ts';
import type { ExportReport } from '../transfer/export-vault.ts';
import type { JobOptions, Transfer } from '../transfer/types.ts';
import type { Team } from '../team/types.ts';
import type { MemoryPart } from './open-memory.ts';
import type { Upkeep } from './upkeep.ts';
import { workerFiles } from './worker-files.ts';

export type { JobOptions };

export interface OpenRequest {
  /** Absolute. */
  readonly vaultPath: string;
  /** reader: beside a running app, changing nothing. owner: alone, may write. */
  readonly access: 'reader' | 'owner';
  /** What an owner does where there is no vault. */
  readonly missing: 'create' | 'refuse';
  readonly clock: Clock;
  readonly log: Log;
  /** See OpenVaultOptions. */
  readonly salvage?: boolean;
}

/** A vault, and what works on it loaded and started only when asked for: a command needs little of it. */
export interface OpenParts {
  readonly vault: Vault;
  readonly search: () => Promise<Search>;
  /** How far the search index on disk covers the vault; starts nothing. */
  readonly searchCoverage: () => Promise<SearchCoverage>;
  readonly transfer: () => Promise<Transfer>;
  readonly upkeep: () => Promise<Upkeep>;
  readonly memory: () => Promise<MemoryPart>;
  readonly team: () => Promise<Team>;
  readonly exportTo: (
    path: string,
    format: 'markdown' | 'json',
    filter: Filter,
    options: JobOptions,
  ) => Promise<ExportReport>;
  /** Search first, then the vault with all that is not yet written. May be called twice. */
  readonly close: () => Promise<void>;
}

/** For the command line; screens have create-app.ts. @throws VAULT_MISSING, VAULT_LOCKED and the others of openVault */
export async function openParts({
  vaultPath,
  access,
  missing,
  clock,
  log,
  salvage = false,
}: OpenRequest): Promise<OpenParts> {
  const { openVault } = await import('../store/vault.ts');
  const { parseDurability } = await import('../store/durability.ts');
  const durability = parseDurability(process.env['ALMANAC_DURABILITY']);
  const create = missing === 'create';
  const vault = await openVault({ root: vaultPath, mode: access, create, clock, log, durability, salvage });
  let search: Promise<Search> | undefined;
  let team: Promise<Team> | undefined;
  let memory: Promise<MemoryPart> | undefined;
  let closing: Promise<void> | undefined;
  const startSearch = async (): Promise<Search> => {
    const { createSearch } = await import('../search/search.ts');
    return createSearch({ vault, workerUrl: workerFiles.search, clock, log });
  };
  const close = async (): Promise<void> => {
    await (await team)?.close();
    await (await search)?.close();
    await vault.close();
  };
  const startTeam = async (): Promise<Team> => {
    const { openTeam } = await import('./open-team.ts');
    return openTeam({ vault, clock, log, isResident: false });
  };
  const startMemory = async (): Promise<MemoryPart> => {
    const { openMemory } = await import('./open-memory.ts');
    const part = openMemory(vault, clock, async (keys) => {
      if (search) return (await search).purge(keys);
      const { purgeClosedIndex } = await import('../search/purge-index.ts');
      const { loadSqlite } = await import('../search/sqlite.ts');
      return purgeClosedIndex(loadSqlite(), join(vault.root, '_search'), keys);
    });
    if (!vault.readOnly) await part.service.finishForgetting();
    return part;
  };
  const getSearch = (): Promise<Search> => (search ??= startSearch());
  const coverage = async (): Promise<SearchCoverage> =>
    (await import('../search/read-coverage.ts')).readCoverage(vault);
  return {
    vault,
    search: getSearch,
    searchCoverage: coverage,
    transfer: () =>
      openTransfer(vault, clock, async (offered) => (await (memory ??= startMemory())).service.refusals(offered)),
    memory: () => (memory ??= startMemory()),
    upkeep: async () => {
      const { createUpkeep } = await import('./upkeep.ts');
      return createUpkeep({ vault, clock, coverage, rebuildSearch: async () => (await getSearch()).rebuild() });
    },
    team: () => (team ??= startTeam()),
    exportTo: async (path, format, filter, options) => {
      const { exportConversations } = await import('../transfer/export-vault.ts');
      const { redactedForExport } = await import('./redaction.ts');
      return exportConversations({ store: vault, path, format, filter, redact: redactedForExport(vault) }, options);
    },
    close: () => (closing ??= close()),
  };
}

/** Without a vault: for a dry run where there is none yet. */
export async function openTransfer(vault: Vault | null, clock: Clock, memoryDoor?: MemoryDoor): Promise<Transfer> {
  const { createTransfer } = await import('../transfer/create-transfer.ts');
  return createTransfer({ vault, workerUrl: workerFiles.transfer, clock, ...(memoryDoor && { memoryDoor }) });
}
