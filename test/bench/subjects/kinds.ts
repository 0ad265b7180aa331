import type { SubjectKind, SubjectName } from './subject.ts';

/** Loaded one by one: what a store needs at start is part of its cold open, and of no other's. */
const loaders: Readonly<Record<SubjectName, () => Promise<SubjectKind>>> = {
  vault: async () => (await import('./vault.ts')).vaultSubject,
  'node:sqlite full': async () => (await import('./sqlite.ts')).nodeSqliteFull,
  'node:sqlite normal': async () => (await import('./sqlite.ts')).nodeSqliteNormal,
  'better-sqlite3 full': async () => (await import('./sqlite.ts')).betterSqliteFull,
  'classic-level sync': async () => (await import('./level.ts')).levelSync,
  nedb: async () => (await import('./nedb.ts')).nedb,
  lowdb: async () => (await import('./lowdb.ts')).lowdb,
};

export function loadSubject(name: SubjectName): Promise<SubjectKind> {
  return loaders[name]();
}
