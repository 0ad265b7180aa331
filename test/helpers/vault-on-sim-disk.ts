import { type OpenVaultOptions, openVault } from '../../main/store/vault.ts';
import type { Vault } from '../../main/store/types.ts';
import type { SimDisk } from './sim-disk.ts';

/** A lock that takes nothing: the simulated machine has one process. */
const noLock = async () => ({
  owner: { pid: 0, host: 'sim', since: '' },
  assertHeld: () => undefined,
  renew: async () => undefined,
  watch: () => undefined,
  release: async () => undefined,
});

/** Small, so that segments end and checkpoints run within a dozen commits, and others have their turn between their files. */
export const smallTuning = {
  segmentBytes: 4096,
  firstSegmentBytes: 2048,
  checkpointBytes: 6000,
  checkpointRecords: 6,
  filesInSlice: 1,
  sliceMs: 0,
};

/** @param options what the case at hand has otherwise */
export function openOnSimDisk(disk: SimDisk, create = false, options: Partial<OpenVaultOptions> = {}): Promise<Vault> {
  const { clock, port: fs } = disk;
  return openVault({
    root: '/vault',
    mode: 'owner',
    create,
    fs,
    acquireLock: noLock,
    clock,
    tuning: smallTuning,
    ...options,
  });
}
