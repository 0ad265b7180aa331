import type { CollectionName } from '../../shared/collections/registry.ts';
import { cancelled } from '../../shared/errors.ts';
import type { BackfillReport, Certificate } from '../../shared/ipc/team.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import { hash128, sha256Hex } from '../lib/hash.ts';
import { bodyOf, type StoredRecord } from '../records/stored-record.ts';
import type { LocalPort, RemotePort } from '../sync/ports.ts';
import { certificateText } from './certificate-text.ts';
import type { TeamJobOptions } from './types.ts';

interface Sides {
  readonly local: LocalPort;
  readonly remote: RemotePort;
  readonly clock: Clock;
  readonly options: TeamJobOptions;
}

type Compared = Certificate['collections'][string];

/** Differing ids that are named; of more, their number shows in the counts. */
const MOST_NAMED = 1_000;
const SPOT_CHECKS = 100;
const CHUNK = 200;

/**
 * Compares every record of both sides by content, however it came to differ, and says so in a certificate. Records that
 * change meanwhile are looked at again at the end, and are no difference once both sides have them.
 */
export async function verify(sides: Sides): Promise<{ certificate: Certificate; text: string }> {
  const { local, clock } = sides;
  const collections = await compareAll(sides);
  const at = new Date(clock.now()).toISOString();
  const equal = Object.values(collections).every(isEqual);
  const draft = { equal, at, store_id: (await local.state())?.store_id ?? '', collections };
  const certificate = { ...draft, sha256: sha256Hex(canonicalJson(draft)) };
  if (equal) await local.commit({ steps: [], state: { last_verified_at: at } });
  return { certificate, text: certificateText(certificate) };
}

type BackfillPart = Pick<BackfillReport, 'ok' | 'collections'>;

/** The report of a backfill: counts, checksums and differing ids by full comparison, and records looked up one by one. */
export async function backfill(sides: Sides & { readonly random: () => number }): Promise<BackfillPart> {
  const compared = await compareAll(sides);
  const collections: BackfillReport['collections'] = {};
  for (const [name, each] of Object.entries(compared)) {
    collections[name] = { ...each, spot_checks: await spotCheck(sides, name as CollectionName) };
  }
  const isFine = (each: BackfillReport['collections'][string]): boolean =>
    isEqual(each) && each.spot_checks.checked === each.spot_checks.equal;
  return { ok: Object.values(collections).every(isFine), collections };
}

function isEqual({ local, remote, differing }: Compared): boolean {
  return local === remote && differing.length === 0;
}

async function compareAll(sides: Sides): Promise<Record<string, Compared>> {
  const { local, options } = sides;
  let total = 0;
  for (const name of local.collections) total += 2 * (await local.count(name));
  let done = 0;
  const step = (records: number): void => {
    if (options.signal?.aborted) throw cancelled(options.signal.reason);
    done += records;
    options.onProgress?.({ phase: 'checking', done: Math.min(done, total), total, unit: 'records' });
  };
  const collections: Record<string, Compared> = {};
  for (const name of local.collections) {
    const compared = await compareCollection(sides, name, step);
    if (compared.local > 0 || compared.remote > 0) collections[name] = compared;
  }
  return collections;
}

async function compareCollection(
  { local, remote }: Sides,
  collection: CollectionName,
  step: (records: number) => void,
): Promise<Compared> {
  const here = new Map<string, string>();
  for await (const records of local.scan(collection)) {
    for (const record of records) here.set(record.id, contentHash(record));
    step(records.length);
  }
  const checksum = checksumOf(here);
  const left = new Map(here);
  const suspects: string[] = [];
  let there = 0;
  for await (const versions of remote.scan(collection)) {
    for (const version of versions) {
      // What cannot be read stands on one side only, as far as anybody can tell.
      if ('poison' in version || version.record._meta.del) continue;
      there += 1;
      const { record } = version;
      if (left.get(record.id) !== contentHash(record)) suspects.push(record.id);
      left.delete(record.id);
    }
    step(versions.length);
  }
  suspects.push(...left.keys());
  const differing = await stillDiffering(local, remote, collection, [...new Set(suspects)]);
  const settled = new Set(suspects).size - differing.length;
  // Counts are of the same moment as the second look where that found all suspects settled.
  const isSettled = differing.length === 0 && settled > 0;
  return {
    local: isSettled ? await local.count(collection) : here.size,
    remote: isSettled ? await remote.count(collection) : there,
    checksum,
    differing: differing.slice(0, MOST_NAMED),
  };
}

function contentHash(record: StoredRecord): string {
  return hash128(canonicalJson(bodyOf(record)));
}

function checksumOf(hashes: ReadonlyMap<string, string>): string {
  const lines = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, hash]) => `${id}\0${hash}\n`);
  return sha256Hex(lines.join(''));
}

async function stillDiffering(
  local: LocalPort,
  remote: RemotePort,
  collection: CollectionName,
  ids: readonly string[],
): Promise<string[]> {
  const differing: string[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const some = ids.slice(start, start + CHUNK);
    const here = await local.read(collection, some);
    const there = await remote.read(collection, some);
    differing.push(...some.filter((id) => !isSame(here.get(id)?.local ?? null, aliveThere(there.get(id)))));
  }
  return differing;
}

type There = Awaited<ReturnType<RemotePort['read']>> extends ReadonlyMap<string, infer Version> ? Version : never;

function aliveThere(version: There | undefined): StoredRecord | null {
  return version !== undefined && 'record' in version ? version.record : null;
}

function isSame(here: StoredRecord | null, there: StoredRecord | null): boolean {
  const [a, b] = [here?._meta.del ? null : here, there?._meta.del ? null : there];
  if (a === null || b === null) return a === b;
  return contentHash(a) === contentHash(b);
}

/** Some records at random, each asked for by its id on both sides. */
async function spotCheck(
  { local, remote, random }: Sides & { readonly random: () => number },
  collection: CollectionName,
): Promise<{ checked: number; equal: number }> {
  const ids: string[] = [];
  let seen = 0;
  for await (const records of local.scan(collection)) {
    for (const { id } of records) {
      seen += 1;
      // A reservoir: each record has the same chance, however many there are.
      const at = ids.length < SPOT_CHECKS ? ids.length : Math.floor(random() * seen);
      if (at < SPOT_CHECKS) ids[at] = id;
    }
  }
  const differing = await stillDiffering(local, remote, collection, ids);
  return { checked: ids.length, equal: ids.length - differing.length };
}
