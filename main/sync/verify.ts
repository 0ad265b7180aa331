import type { CollectionName } from '../../shared/collections/registry.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Sides } from './digest.ts';
import { sameLanes, totalLanes } from './lanes.ts';
import { compareContents, type ParityOptions } from './parity.ts';
import { compareInScope, missingHere } from './parity-scope.ts';
import type { LocalPort, RemotePort, RemoteTotal, SyncScope, SyncState } from './ports.ts';
import { firstMonth } from './scope.ts';

export interface CertifiedCollection {
  /** contents: both sides were read whole. digests: sums over ids and revs were compared; see `contents_at`. */
  readonly by: 'contents' | 'digests';
  readonly local: number;
  readonly remote: number;
  /** contents: of the vault's canonical records. digests: of the sums. */
  readonly checksum: string;
  readonly differing: readonly string[];
}

/** What stood on both sides at a moment, signed by its hash. */
export interface ParityCertificate {
  readonly equal: boolean;
  readonly at: string;
  readonly store_id: string;
  /**
   * When the contents of everything were last read on both sides and equal. What was compared by digests rests on that,
   * and on the server's history of changes, which has been followed without a gap from then until `at`.
   */
  readonly contents_at: string | null;
  /** What of conversations and messages the vault holds, and was compared; absent: all. The rest of both is all compared. */
  readonly scope?: { readonly from: string; readonly pinned: boolean; readonly users: string[] };
  readonly collections: Readonly<Partial<Record<CollectionName, CertifiedCollection>>>;
  /** SHA-256 of this object's canonical JSON without this field. */
  readonly sha256: string;
}

export interface VerifyParts {
  readonly local: LocalPort;
  readonly remote: RemotePort;
  readonly clock: { now(): number };
  /** Of the team database, after a round that followed the history of changes. */
  readonly state: Pick<SyncState, 'store_id' | 'contents_at' | 'quarantine'>;
  /** Absent or null: the vault holds all. */
  readonly scope?: SyncScope | null;
}

export interface VerifyOptions extends ParityOptions {
  /** Read everything, whatever the digests say. */
  readonly full?: boolean | undefined;
}

/**
 * What waits to be sent differs, as it should. Where everything was read before, and its history has been followed since,
 * sums over ids and revs say in moments what reading says in minutes; a collection whose sums differ is read.
 */
export async function certify(parts: VerifyParts, options: VerifyOptions = {}): Promise<ParityCertificate> {
  const { local, remote, clock, state, scope } = parts;
  const contentsAt = options.full === true ? null : (state.contents_at ?? null);
  const at = new Date(clock.now()).toISOString();
  const totals = contentsAt === null ? null : await remote.totals(local.collections);
  const collections: Partial<Record<CollectionName, CertifiedCollection>> = {};
  let equal = true;
  for (const collection of local.collections) {
    const compared =
      (totals && (await compareSums(parts, collection, totals.get(collection)))) ??
      (await compareWhole(parts, collection, options));
    equal &&= compared.differing.length === 0;
    // What neither side has needs no line.
    if (compared.local > 0 || compared.remote > 0 || compared.differing.length > 0) collections[collection] = compared;
  }
  const isAllRead = Object.values(collections).every(({ by }) => by === 'contents');
  const contents_at = isAllRead ? (equal ? at : null) : contentsAt;
  const held = scope ? { scope: { from: scope.from, pinned: scope.pinned, users: [...scope.users] } } : {};
  return signed({ equal, at, store_id: state.store_id, contents_at, ...held, collections });
}

function isPart({ scope }: VerifyParts, collection: CollectionName): boolean {
  return firstMonth(collection, scope ?? null) !== null;
}

function sidesOf({ local, remote, scope }: VerifyParts): Sides {
  return { local, remote, scope: () => scope ?? null };
}

async function compareWhole(
  parts: VerifyParts,
  collection: CollectionName,
  options: ParityOptions,
): Promise<CertifiedCollection> {
  const { equal: _, ...read } = isPart(parts, collection)
    ? await compareInScope(sidesOf(parts), collection, options)
    : await compareContents(parts.local, parts.remote, collection, options);
  return { by: 'contents', ...read };
}

/** Null where they do not prove that both sides are equal. */
async function compareSums(
  parts: VerifyParts,
  collection: CollectionName,
  theirs: RemoteTotal | undefined,
): Promise<CertifiedCollection | null> {
  const { local, state } = parts;
  if (theirs === undefined || theirs.hasForeign) return null;
  if (state.quarantine.some((entry) => entry.collection === collection)) return null;
  if (((await local.countDirty())[collection] ?? 0) > 0) return null;
  const ours = totalLanes((await local.digest(collection, { by: 'month' })).values());
  const isSame = isPart(parts, collection)
    ? (await missingHere(sidesOf(parts), collection)).size === 0
    : sameLanes(ours, theirs.lanes);
  if (!isSame) return null;
  const alive = await local.count(collection);
  return { by: 'digests', local: alive, remote: alive, checksum: sha256Hex(canonicalJson(ours)), differing: [] };
}

function signed(content: Omit<ParityCertificate, 'sha256'>): ParityCertificate {
  return { ...content, sha256: sha256Hex(canonicalJson(content)) };
}

/** Whether nobody has changed the certificate since it was made. */
export function isGenuine({ sha256, ...content }: ParityCertificate): boolean {
  return sha256 === sha256Hex(canonicalJson(content));
}

export function scopeText({ from, pinned, users }: NonNullable<ParityCertificate['scope']>): string {
  const also = [...(pinned ? ['pinned ones'] : []), ...(users.length > 0 ? [`those of ${users.join(', ')}`] : [])];
  return `Of conversations and messages, those since ${from}, ${[...also, 'and those last written here'].join(', ')}.`;
}

/** How the sides were compared, and what that cannot see. */
export function howCompared({
  collections,
  contents_at,
}: Pick<ParityCertificate, 'collections' | 'contents_at'>): string[] {
  if (Object.values(collections).every(({ by }) => by === 'contents')) return ['Every record of both sides was read.'];
  return [
    `Compared by digests: sums over the id and revision of every record. All contents were last read at ${contents_at};`,
    'what others have changed there since, also without a new revision, was followed through the history of changes.',
    'Not seen: what was changed behind the server’s back, or in files here while nobody watched. `--full` reads everything.',
  ];
}

/** The certificate for people. */
export function certificateText(certificate: ParityCertificate): string {
  const lines = Object.entries(certificate.collections).map(([name, { local, remote, checksum, differing }]) =>
    [
      name.padEnd(20),
      String(local).padStart(9),
      String(remote).padStart(9),
      String(differing.length).padStart(9),
      ` ${checksum.slice(0, 16)}`,
    ].join(' '),
  );
  return [
    `Parity certificate of ${certificate.at}`,
    `Team database ${certificate.store_id}`,
    certificate.equal ? 'Both sides are equal.' : 'The sides DIFFER.',
    ...howCompared(certificate),
    ...(certificate.scope ? [scopeText(certificate.scope)] : []),
    '',
    `${'collection'.padEnd(20)} ${'here'.padStart(9)} ${'there'.padStart(9)} ${'differing'.padStart(9)}  checksum`,
    ...lines,
    '',
    `sha256 ${certificate.sha256}`,
    '',
  ].join('\n');
}
