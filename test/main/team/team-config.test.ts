import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { databaseOf, readTeamConfig, writeTeamConfig } from '../../../main/team/team-config.ts';
import type { Credentials } from '../../../main/team/credentials.ts';

function files(kept: unknown = null) {
  let value = kept;
  return {
    readAppFile: () => value,
    writeAppFile: (_name: string, next: unknown) => {
      value = structuredClone(next);
    },
  };
}
function saved(url: string | null): Credentials {
  return {
    protection: 'file',
    load: () => (url === null ? null : { url, protection: 'file' }),
    save: () => undefined,
    clear: () => undefined,
  };
}

test('nothing set up is local', () => {
  expect(readTeamConfig(files(), saved(null), {})).toEqual({
    mode: 'local',
    url: null,
    database: 'almanac',
    configuredBy: 'none',
    credentials: 'none',
    scope: null,
  });
});

test.each([
  [{}, 'mirror'],
  [{ MEMORY_STORE_BACKEND: 'file' }, 'local'],
  [{ MEMORY_STORE_BACKEND: 'file', MEMORY_DUAL_WRITE: 'true' }, 'mirror'],
  [{ MEMORY_STORE_BACKEND: 'mongo' }, 'remote'],
  [{ MEMORY_STORE_BACKEND: 'mongo', MEMORY_DUAL_WRITE: 'true' }, 'remote'],
  [{ MEMORY_DUAL_WRITE: 'false' }, 'mirror'],
])('the environment decides over what the person chose: %o gives %s', (env, mode) => {
  expect(readTeamConfig(files({ mode: 'mirror' }), saved('mongodb://h'), env).mode).toBe(mode);
});

test.each([{ MEMORY_STORE_BACKEND: 'mongodb' }, { MEMORY_DUAL_WRITE: 'yes' }])('a wrong value is named: %o', (env) => {
  expect(() => readTeamConfig(files(), saved(null), env)).toThrow(AppError);
});

test('the URL of the environment is taken before the saved one, which is then not opened', () => {
  const sealed: Credentials = {
    ...saved(null),
    load: () => {
      throw new Error('not asked for');
    },
  };
  const config = readTeamConfig(files({ mode: 'mirror' }), sealed, { MONGODB_URL: 'mongodb://u:p@h/normo_db' });
  expect(config).toMatchObject({ mode: 'mirror', database: 'normo_db', configuredBy: 'environment' });
  expect(readTeamConfig(files(), sealed, { MONGODB_URL: 'mongodb://h/x', MONGODB_DB_NAME: 'y' }).database).toBe('y');
});

test('the mode is kept, and what a newer version wrote beside it', () => {
  const kept = files({ mode: 'local', later: 1 });
  writeTeamConfig(kept, { mode: 'remote' });
  expect(kept.readAppFile()).toEqual({ mode: 'remote', later: 1 });
  expect(readTeamConfig(kept, saved('mongodb://h'), {}).mode).toBe('remote');
});

test('a mode that is no mode is local', () => {
  expect(readTeamConfig(files({ mode: 'cloud' }), saved('mongodb://h'), {}).mode).toBe('local');
});

test.each([
  ['mongodb://u:p@h1:1,h2:2/team?replicaSet=rs', 'team'],
  ['mongodb+srv://h/a%20b', 'a b'],
  ['mongodb://h', null],
  ['mongodb://h/?x=/y', null],
  [null, null],
])('the database of %s', (url, database) => {
  expect(databaseOf(url)).toBe(database);
});
