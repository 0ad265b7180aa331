import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where a found mongod stands, and its version; or why there is none. */
export type FoundMongod = { readonly path: string; readonly version: string } | { readonly missing: string };

/** The official Linux build as another package carries it: 100 MB, for where nothing else can be had. */
const CARRIER = {
  spec: '@second-inc/cli-local-linux-x64@0.1.39',
  sha512: 'yWgUpnytz/KfoFMq28HmyUhy/kB81yV+CaBBBNs9qSwBOLoNrsWq6E7cbvOMZJpMILs/B0vRoqXjHr/gXmeOng==',
  member: 'package/dist/runtime/linux-x64/bin/mongod',
};
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/almanac-mongod');
const WANTED_VERSION = '8.2.6';
const REACH_MS = 3_000;
const DOWNLOAD_MS = 120_000;

let search: Promise<FoundMongod> | undefined;

/**
 * A mongod to test with, in this order: MONGOMS_SYSTEM_BINARY, one on PATH, the one kept from last time,
 * mongodb-memory-server's download where its server answers, the build inside an npm package.
 */
export function findMongod(): Promise<FoundMongod> {
  return (search ??= find());
}

async function find(): Promise<FoundMongod> {
  const named = process.env['MONGOMS_SYSTEM_BINARY'];
  if (named) return examine(named);
  const kept = join(CACHE, 'mongod');
  for (const path of [...candidatesOnPath(), kept]) {
    if (await isExecutable(path)) return examine(path);
  }
  const reasons: string[] = [];
  for (const obtain of [downloadOfficial, unpackCarrier]) {
    try {
      await obtain(kept);
      return await examine(kept);
    } catch (error) {
      reasons.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
  }
  return { missing: `no mongod: none on PATH, and ${reasons.join('; ')}` };
}

function candidatesOnPath(): string[] {
  const name = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** A binary that cannot start here (another libc, say) is as good as none. */
async function examine(path: string): Promise<FoundMongod> {
  try {
    const { stdout } = await run(path, ['--version']);
    const version = /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    return version ? { path, version } : { missing: `${path} does not tell its version` };
  } catch (error) {
    return { missing: `${path} does not start: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** In a process of its own, since the library's download cannot be called off. Where its server does not answer, nothing is tried. */
async function downloadOfficial(target: string): Promise<void> {
  const address = await officialAddress();
  const answer = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(REACH_MS) }).catch(() => undefined);
  if (!answer?.ok) throw new Error('the official download is out of reach');
  await inWorkFolder(async (folder) => {
    const script =
      `import { MongoBinary } from 'mongodb-memory-server-core';` +
      `console.log(await MongoBinary.getPath({ version: '${WANTED_VERSION}', downloadDir: ${JSON.stringify(folder)} }));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      timeout: DOWNLOAD_MS,
      cwd: import.meta.dirname,
    });
    await rename(stdout.trim().split('\n').at(-1) ?? '', target);
  });
}

/** The library knows where releases lie; asking it keeps that in one place. */
async function officialAddress(): Promise<string> {
  const place = 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js';
  const { MongoBinaryDownloadUrl } = (await import(place)) as {
    MongoBinaryDownloadUrl: new (options: object) => { getDownloadUrl(): Promise<string> };
  };
  return new MongoBinaryDownloadUrl({
    version: WANTED_VERSION,
    platform: process.platform,
    arch: process.arch,
  }).getDownloadUrl();
}

async function unpackCarrier(target: string): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('no build for this machine is packaged');
  await inWorkFolder(async (folder) => {
    const npm = ['pack', CARRIER.spec, '--pack-destination', folder, '--ignore-scripts', '--silent'];
    await run('npm', npm, { timeout: DOWNLOAD_MS, cwd: folder });
    const [tarball = ''] = await readdir(folder);
    const archive = join(folder, tarball);
    if ((await sha512(archive)) !== CARRIER.sha512) throw new Error(`${CARRIER.spec} is not what it was`);
    await extract(archive, folder);
    await rename(join(folder, CARRIER.member), target);
  });
}

async function sha512(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}

function extract(archive: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const tar = spawn('tar', ['-xzf', archive, '-C', folder, CARRIER.member], { stdio: 'ignore' });
    tar.once('error', reject);
    tar.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))));
  });
}

/** Work is done beside the target and renamed onto it, so that several processes may do the same at once. */
async function inWorkFolder(work: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'work-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
