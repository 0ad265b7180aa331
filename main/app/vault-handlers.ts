import { AppError } from '../../shared/errors.ts';
import type { Handlers } from '../../shared/ipc/contract.ts';
import type { AppParts } from './parts.ts';
import type { HostActions } from './ports.ts';
import { readSettings, writeSettings } from './settings.ts';
import { vaultStatus } from './vault-status.ts';

type VaultMethods = 'vault.status' | 'vault.reveal' | 'settings.get' | 'settings.set';

export function vaultHandlers(
  parts: Pick<AppParts, 'vault' | 'search' | 'team'>,
  host: HostActions,
): Pick<Handlers, VaultMethods> {
  return {
    'vault.status': () => vaultStatus(parts),
    'vault.reveal': async () => {
      if (host.revealFolder === undefined) throw noFileManager();
      await host.revealFolder(parts.vault.root);
      return null;
    },
    'settings.get': async () => readSettings(parts.vault),
    'settings.set': async (changes) => writeSettings(parts.vault, changes),
  };
}

function noFileManager(): AppError {
  return new AppError('NOT_SUPPORTED', 'The vault’s folder can be opened from the desktop app only.', {
    remedy: 'Open the folder yourself: the settings show where it is.',
  });
}
