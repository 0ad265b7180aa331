import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { vaultLocation } from '../../../main/app/vault-location.ts';

test('what is asked for decides first, then the environment, then the platform', () => {
  const home = '/home/ada';
  expect(vaultLocation('there', { env: { ALMANAC_VAULT: 'here' }, platform: 'linux', home })).toBe(resolve('there'));
  expect(vaultLocation(undefined, { env: { ALMANAC_VAULT: 'here' }, platform: 'linux', home })).toBe(resolve('here'));
  expect(vaultLocation(undefined, { env: {}, platform: 'linux', home })).toBe(join(home, '.local/share/Almanac/vault'));
  expect(vaultLocation(undefined, { env: { XDG_DATA_HOME: '/data' }, platform: 'linux', home })).toBe(
    join('/data/Almanac/vault'),
  );
  const onMac = vaultLocation(undefined, { env: { XDG_DATA_HOME: '/data' }, platform: 'darwin', home });
  expect(onMac).toBe(join(home, 'Library/Application Support/Almanac/vault'));
  expect(vaultLocation(undefined, { env: { APPDATA: '/roaming' }, platform: 'win32', home })).toBe(
    join('/roaming/Almanac/vault'),
  );
});
