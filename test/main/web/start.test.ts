import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isBuildStale } from '../../../main/lib/build-state.js';
import { electronBinary, installedElectron } from '../../../main/web/electron-binary.ts';
import { portNumber } from '../../../main/web/run-web.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

/** A file with this text, last changed so many seconds after some fixed time. */
function put(project: string, path: string, second: number, text = ''): void {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, 1_700_000_000 + second, 1_700_000_000 + second);
  for (let folder = dirname(file); folder !== project; folder = dirname(folder)) utimesSync(folder, 1, 1);
}

test('a build is stale when it is missing or older than a source', () => {
  const project = tempFolder();
  const stale = (): readonly boolean[] => [
    isBuildStale(project, 'out/renderer/index.html'),
    isBuildStale(project, 'out/main/cli.js'),
  ];
  put(project, 'main/web/web.ts', 1);
  put(project, 'package.json', 1);
  expect(stale()).toEqual([true, true]);
  put(project, 'out/main/web.js', 2);
  put(project, 'out/main/cli.js', 2);
  put(project, 'out/renderer/index.html', 2);
  expect(stale()).toEqual([false, false]);
  put(project, 'renderer/app.tsx', 3);
  expect(stale()).toEqual([true, false]);
  put(project, 'main/store/deep/file.ts', 3);
  expect(stale()).toEqual([true, true]);
});

test('Electron is found where its package or the environment says it is', () => {
  const project = tempFolder();
  expect(installedElectron(project, {})).toBeNull();
  put(project, 'node_modules/electron/path.txt', 1, 'binary');
  expect(installedElectron(project, {})).toBeNull();
  put(project, 'node_modules/electron/dist/binary', 1);
  expect(installedElectron(project, {})).toBe(join(project, 'node_modules/electron/dist/binary'));
  put(project, 'elsewhere/binary', 1);
  const given = join(project, 'elsewhere');
  expect(installedElectron(project, { ELECTRON_OVERRIDE_DIST_PATH: given })).toBe(join(given, 'binary'));
});

test('a download that fails is said in one line, remembered, and not tried again at once', async () => {
  const project = tempFolder();
  const tries = join(project, 'tries');
  const installer = `require('fs').appendFileSync(${JSON.stringify(tries)}, 'x'); console.error('no network\\n at x'); process.exit(1)`;
  put(project, 'node_modules/electron/install.js', 1, installer);
  const absent = { state: 'absent', reason: 'it could not be downloaded: no network' };
  expect(await electronBinary(project, {})).toEqual(absent);
  expect(await electronBinary(project, {})).toEqual(absent);
  expect(readFileSync(tries, 'utf8')).toBe('x');
  const memory = join(project, 'node_modules/.cache/almanac/electron-unavailable');
  expect(statSync(memory).isFile()).toBe(true);
  utimesSync(memory, 1_700_000_000, 1_700_000_000);
  await electronBinary(project, {});
  expect(readFileSync(tries, 'utf8')).toBe('xx');
});

test('a download that succeeds gives the binary', async () => {
  const project = tempFolder();
  const home = join(project, 'node_modules/electron');
  const installer = `const fs = require('fs'); fs.mkdirSync(${JSON.stringify(join(home, 'dist'))});
    fs.writeFileSync(${JSON.stringify(join(home, 'dist/binary'))}, ''); fs.writeFileSync(${JSON.stringify(join(home, 'path.txt'))}, 'binary');`;
  put(project, 'node_modules/electron/install.js', 1, installer);
  expect(await electronBinary(project, {})).toEqual({ state: 'present', path: join(home, 'dist/binary') });
});

test('a port is a number from 0 to 65535', () => {
  expect([portNumber(undefined), portNumber('0'), portNumber('8080')]).toEqual([0, 0, 8080]);
  for (const text of ['', '-1', '65536', '1e3', '80 ', 'http'])
    expect(() => portNumber(text), text).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});
