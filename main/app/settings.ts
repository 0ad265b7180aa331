import { AppError } from '../../shared/errors.ts';
import { Settings, type SettingsChange } from '../../shared/ipc/models.ts';
import type { Vault } from '../store/types.ts';

/** Small JSON in the vault, as vaults offer it. */
export type AppFiles = Pick<Vault, 'readAppFile' | 'writeAppFile'>;

const fileName = 'settings';

/**
 * The settings, each field on its own: one that cannot be read falls back to its default and leaves the others alone.
 * Reading never writes, so a damaged file stays as it is until the person changes a setting.
 */
export function readSettings(files: AppFiles): Settings {
  const stored = storedFields(files);
  const readable = Object.entries(Settings.shape).flatMap(([name, schema]) => {
    const field = schema.safeParse(stored[name]);
    return field.success ? [[name, field.data]] : [];
  });
  return Settings.parse(Object.fromEntries(readable));
}

/** Fields this version does not know are kept: a newer one may have written them. */
export function writeSettings(files: AppFiles, changes: SettingsChange): Settings {
  const named = Object.entries(changes).filter(([, value]) => value !== undefined);
  files.writeAppFile(fileName, { ...storedFields(files), ...Object.fromEntries(named) });
  return readSettings(files);
}

function storedFields(files: AppFiles): Readonly<Record<string, unknown>> {
  const stored = readStored(files);
  return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...stored } : {};
}

/** A damaged file of settings must not keep the person out of their vault: it counts as empty until one is changed. */
function readStored(files: AppFiles): unknown {
  try {
    return files.readAppFile(fileName);
  } catch (error) {
    if (error instanceof AppError && error.code === 'RECORD_DAMAGED') return null;
    throw error;
  }
}
