import { onTestFinished } from 'vitest';
import { type OpenVaultOptions, openVault } from '../../../main/store/vault.ts';
import type { Vault } from '../../../main/store/types.ts';

/** Opens a vault as owner, creating it where there is none, and closes it when the test ends. */
export async function openTestVault(root: string, options: Partial<OpenVaultOptions> = {}): Promise<Vault> {
  const vault = await openVault({ root, mode: 'owner', create: options.mode !== 'reader', ...options });
  onTestFinished(() => vault.close());
  return vault;
}
