import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { Vault } from '../store/types.ts';
import { searchableCollections } from './searchable.ts';
import { loadSqlite, openToRead } from './sqlite.ts';

/** How far the index on disk covers the vault, without starting search or changing anything. */
export function readCoverage(vault: Pick<Vault, 'root' | 'files'>): SearchCoverage {
  const folder = join(vault.root, '_search');
  const sqlite = loadSqlite();
  const signatures = sqlite && existsSync(folder) ? readSignatures(() => openToRead(sqlite, folder)) : new Map();
  let total = 0;
  let indexed = 0;
  for (const file of vault.files(searchableCollections)) {
    total += file.records;
    if (sqlite === null || signatures.get(file.path) === file.signature) indexed += file.records;
  }
  const state = indexed === total ? 'ready' : 'building';
  return { indexed, total, state, engine: sqlite === null ? 'scan' : 'fts5' };
}

function readSignatures(open: () => ReturnType<typeof openToRead>): Map<string, string> {
  try {
    const database = open();
    try {
      const rows = database.prepare('SELECT path, signature FROM files').all();
      return new Map(rows.map((row) => [String(row['path']), String(row['signature'])]));
    } finally {
      database.close();
    }
  } catch {
    // No index, one of another version, or a damaged one: it will be built anew by whoever searches next.
    return new Map();
  }
}
