import { safeStorage } from 'electron';
import type { Keychain } from '../team/credentials.ts';

/** The system's safe, once the app is ready; undefined where there is none that deserves the name. */
export function systemKeychain(): Keychain | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  // A Linux desktop without a keyring "encrypts" with a password that every program knows.
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return undefined;
  return {
    encrypt: (text) => safeStorage.encryptString(text).toString('base64'),
    decrypt: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64')),
  };
}
