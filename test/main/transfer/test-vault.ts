import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Receipt } from '../../../shared/ipc/models.ts';
import { workerFiles } from '../../../main/app/worker-files.ts';
import type { Clock } from '../../../main/lib/clock.ts';
import { openVault } from '../../../main/store/vault.ts';
import type { Vault } from '../../../main/store/types.ts';
import { createTransfer } from '../../../main/transfer/create-transfer.ts';
import type { Archive, Transfer } from '../../../main/transfer/types.ts';
import { makeZip, type ZipContents } from '../../fixtures/exports/make-zip.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

export const workerUrl = workerFiles.transfer;

export interface TestVault {
  readonly vault: Vault;
  readonly transfer: Transfer;
  readonly clock: Clock & { readonly advance: (ms: number) => void };
  /** Imports a ZIP of these files, a minute later than the one before. */
  readonly importFiles: (files: ZipContents) => Promise<Receipt>;
}

/** A real vault in this folder or one of its own, with a clock of its own, closed when the test ends. */
export async function testVault(folder: string = tempFolder()): Promise<TestVault> {
  let nowMs = Date.parse('2026-11-20T12:00:00.000Z');
  const clock = { now: () => nowMs, advance: (ms: number) => void (nowMs += ms) };
  const vault = await openVault({ root: join(folder, 'vault'), mode: 'owner', create: true, clock });
  onTestFinished(() => vault.close());
  const transfer = createTransfer({ vault, workerUrl, clock });
  let count = 0;
  const importFiles = async (files: ZipContents): Promise<Receipt> => {
    count += 1;
    clock.advance(60_000);
    return transfer.run(archiveAt(await makeZip(join(folder, `export-${count}.zip`), files)));
  };
  return { vault, transfer, clock, importFiles };
}

export function archiveAt(path: string): Archive {
  return { path, name: path.split('/').at(-1) ?? path };
}
