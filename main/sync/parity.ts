import type { CollectionName } from '../../shared/collections/registry.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { createChecksum } from './checksum.ts';
import type { LocalPort, RemotePoison, RemotePort, RemoteVersion } from './ports.ts';

const MOST_LISTED = 1_000;
const PAGE = 500;

/** Where a collection stands on both sides. */
export interface Parity {
  readonly local: number;
  readonly remote: number;
  /** Of the vault's records. */
  readonly checksum: string;
  /** Ids that differ or stand on one side only; at most a thousand. */
  readonly differing: readonly string[];
  readonly equal: boolean;
}

export interface ParityOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then, with how many more have been compared. */
  readonly onCompared?: ((records: number) => void) | undefined;
}

/**
 * Reads every record of both sides, in order of id, and compares what they say: also what another program has changed
 * without touching `_meta`. What the vault keeps to itself is not looked for on the server.
 */
export async function compareContents(
  local: LocalPort,
  remote: RemotePort,
  collection: CollectionName,
  { signal, onCompared }: ParityOptions = {},
): Promise<Parity> {
  const checksum = createChecksum();
  const ours = flat(local.scan(collection));
  const theirs = alive(flat(remote.scan(collection)));
  const counts = { local: 0, remote: 0 };
  const differing: string[] = [];
  let compared = 0;
  let [mine, their] = [await ours.next(), await theirs.next()];
  while (mine.done !== true || their.done !== true) {
    signal?.throwIfAborted();
    const order = compare(mine.done === true ? null : mine.value.id, their.done === true ? null : their.value.id);
    if (mine.done !== true && order <= 0) {
      checksum.add(mine.value);
      counts.local += 1;
    }
    if (their.done !== true && order >= 0) counts.remote += 1;
    if (order !== 0) differing.push(order < 0 ? (mine.value as StoredRecord).id : (their.value as Alive).id);
    else if ((mine.value as StoredRecord)._meta.rev !== (their.value as Alive).rev)
      differing.push((mine.value as StoredRecord).id);
    if (order <= 0) mine = await ours.next();
    if (order >= 0) their = await theirs.next();
    compared += 1;
    if (compared % PAGE === 0) onCompared?.(PAGE);
  }
  onCompared?.(compared % PAGE);
  const settled = await settle(local, remote, collection, differing);
  return {
    ...counts,
    remote: counts.remote - settled.withheld,
    checksum: checksum.hex(),
    differing: settled.differing.slice(0, MOST_LISTED),
    equal: settled.differing.length === 0,
  };
}

interface Alive {
  readonly id: string;
  /** Of the content; a document that cannot be read has none. */
  readonly rev: string | null;
}

async function* alive(versions: AsyncIterable<RemoteVersion | RemotePoison>): AsyncGenerator<Alive, void> {
  for await (const version of versions) {
    // What cannot be read cannot be placed in the order either: it is found by its record's absence.
    if ('record' in version && !version.record._meta.del)
      yield { id: version.record.id, rev: version.record._meta.rev };
  }
}

async function* flat<T>(parts: AsyncIterable<readonly T[]>): AsyncGenerator<T, void> {
  for await (const part of parts) yield* part;
}

/** By UTF-8 bytes, as databases order text; null comes last. */
function compare(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

interface Settled {
  readonly differing: readonly string[];
  readonly withheld: number;
}

/** Reads what seemed to differ once more, one by one: it may have changed between the two readings. */
export async function settle(
  local: LocalPort,
  remote: RemotePort,
  collection: CollectionName,
  ids: readonly string[],
): Promise<Settled> {
  const differing: string[] = [];
  let withheld = 0;
  for (let at = 0; at < ids.length; at += PAGE) {
    const page = ids.slice(at, at + PAGE);
    const states = await local.read(collection, page);
    const versions = await remote.read(collection, page);
    for (const id of page) {
      const [state, version] = [states.get(id), versions.get(id)];
      if (state?.withheld) withheld += 1;
      else if (!isEqual(state?.local ?? null, version)) differing.push(id);
    }
  }
  return { differing, withheld };
}

function isEqual(mine: StoredRecord | null, theirs: RemoteVersion | RemotePoison | undefined): boolean {
  if (theirs !== undefined && !('record' in theirs)) return false;
  const gone = mine === null || mine._meta.del === true;
  const goneThere = theirs === undefined || theirs.record._meta.del === true;
  return gone || goneThere ? gone === goneThere : mine._meta.rev === theirs.record._meta.rev;
}
