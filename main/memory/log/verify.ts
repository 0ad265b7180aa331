import { isUtf8 } from 'node:buffer';
import { fitsChecksum } from '../../records/meta.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { TimeSlices } from '../../lib/time-slices.ts';
import { type ChainedEvent, genesis } from './event.ts';
import { eventText } from './event-text.ts';

/** A file of the memory log as it lies on disk. */
export interface LogFileBytes {
  /** Relative to the vault. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Where the log is not what was written. */
export interface BrokenLink {
  readonly reason: string;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly replica: string | null;
  readonly event_sequence: number | null;
  readonly id: string | null;
}

export interface LogVerdict {
  readonly ok: boolean;
  /** Events that were checked. */
  readonly events: number;
  /** Events whose content was taken out when something was forgotten. */
  readonly redacted: number;
  readonly first_broken: BrokenLink | null;
  /** Chains found: one for each copy of the vault. */
  readonly chains: readonly { readonly replica: string; readonly events: number; readonly last_hash: string }[];
}

interface Place {
  readonly path: string;
  readonly line: number;
}
interface Link extends Place {
  readonly id: string;
  readonly replica: string;
  readonly sequence: number;
  readonly hash: string;
  readonly prev: string;
  readonly entity: string;
  readonly type: string;
  readonly redacted: boolean;
  /** Further events whose content it took out, because they quoted what was forgotten. */
  readonly redacts: readonly unknown[];
  readonly sealed: { readonly to: number; readonly hash: string } | null;
}

const NEWLINE = 0x0a;
/** About half a millisecond's work. */
const LINES_A_STEP = 16;

/**
 * Checks a memory log against itself, from its bytes alone: each line is exactly as it was written (encoding, checksum),
 * each event's content fits its hash, each event names the one before, numbers have no gap, and only what was forgotten
 * has no content. A chain may begin after its start where a later event seals what went before.
 *
 * The chains of other copies of the vault may have gaps: what is private there never came here.
 *
 * @param own the chain that has to be whole; absent: all
 */
export function verifyLog(files: Iterable<LogFileBytes>, own?: string): LogVerdict {
  const steps = verifySteps(files, own);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As `verifyLog`, giving the event loop back in between. */
export async function verifyInSlices(
  files: Iterable<LogFileBytes>,
  own: string | undefined,
  slices: TimeSlices,
): Promise<LogVerdict> {
  const steps = verifySteps(files, own);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await slices.pause();
  }
}

function* verifySteps(files: Iterable<LogFileBytes>, own: string | undefined): Generator<undefined, LogVerdict> {
  const links = new Map<string, Link>();
  for (const file of files) {
    const broken = yield* readFile(file, links);
    if (broken) return verdict(links, broken);
  }
  return verdict(links, checkChains(links, own));
}

function verdict(links: ReadonlyMap<string, Link>, broken: BrokenLink | null): LogVerdict {
  const chains = [...chainsOf(links)].map(([replica, chain]) => ({
    replica,
    events: chain.length,
    last_hash: chain.at(-1)?.hash ?? '',
  }));
  const redacted = [...links.values()].filter((link) => link.redacted).length;
  return { ok: broken === null, events: links.size, redacted, first_broken: broken, chains };
}

/** Reads a file's lines into links; gives the first line that is not as it was written. */
function* readFile({ path, bytes }: LogFileBytes, links: Map<string, Link>): Generator<undefined, BrokenLink | null> {
  const isText = isUtf8(bytes);
  let line = 0;
  let from = 0;
  while (from < bytes.length) {
    line += 1;
    const end = bytes.indexOf(NEWLINE, from);
    const place = { path, line };
    if (end === -1) return brokenAt(place, 'its end is missing');
    const raw = bytes.subarray(from, end);
    if (!isText && !isUtf8(raw)) return brokenAt(place, 'it is no text');
    const broken = readLine(Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('utf8'), place, links);
    if (broken) return broken;
    from = end + 1;
    if (line % LINES_A_STEP === 0) yield;
  }
  return null;
}

function readLine(text: string, place: Place, links: Map<string, Link>): BrokenLink | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return brokenAt(place, 'it is no JSON');
  }
  if (!isEvent(parsed)) return brokenAt(place, 'it is no event');
  const { line, canonical, body, chain } = eventText(parsed);
  if (line !== text) return brokenAt(place, 'it is not written as Almanac writes', parsed);
  if (!fitsChecksum((parsed as unknown as StoredRecord)._meta, canonical))
    return brokenAt(place, 'its checksum does not fit', parsed);
  if (isTombstone(parsed)) {
    links.delete(parsed.id);
    return null;
  }
  if (chain !== parsed.hash) return brokenAt(place, 'its hash does not fit', parsed);
  if (parsed.redacted !== true) {
    if (body !== parsed.body_hash) return brokenAt(place, 'its content does not fit its hash', parsed);
  } else if ('before' in parsed || 'after' in parsed || 'why' in parsed || 'salt' in parsed) {
    return brokenAt(place, 'it is marked as redacted and has content', parsed);
  }
  const known = links.get(parsed.id);
  if (known && known.hash !== parsed.hash) return brokenAt(place, 'it is written over another event', parsed);
  links.set(parsed.id, { ...linkOf(parsed), ...(known ? { path: known.path, line: known.line } : place) });
  return null;
}

/** What the checksum and the hashes need; that its fields are right is for the hash to say. */
function isEvent(value: unknown): value is ChainedEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { id, replica, _meta } = value as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof replica === 'string' &&
    typeof _meta === 'object' &&
    _meta !== null &&
    'sum' in _meta
  );
}

function isTombstone(event: ChainedEvent): boolean {
  return (event as unknown as StoredRecord)._meta.del === true;
}

function linkOf(event: ChainedEvent): Omit<Link, 'path' | 'line'> {
  const sealed = event.event_type === 'LOG_SEALED' ? event.after : null;
  return {
    id: event.id,
    replica: event.replica,
    sequence: event.event_sequence,
    hash: event.hash,
    prev: event.prev_hash,
    entity: event.entity_key,
    type: event.event_type,
    redacted: event.redacted === true,
    redacts: event.event_type === 'MEMORY_FORGOTTEN' ? listOf(event.operation?.['redacts']) : [],
    sealed: sealed ? { to: Number(sealed['to_sequence']), hash: String(sealed['last_hash']) } : null,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function chainsOf(links: ReadonlyMap<string, Link>): Map<string, Link[]> {
  const chains = new Map<string, Link[]>();
  for (const link of links.values()) {
    const chain = chains.get(link.replica);
    if (chain) chain.push(link);
    else chains.set(link.replica, [link]);
  }
  for (const chain of chains.values()) {
    const isOrdered = chain.every(({ sequence }, at) => at === 0 || sequence >= (chain[at - 1]?.sequence ?? 0));
    if (!isOrdered) chain.sort((a, b) => a.sequence - b.sequence);
  }
  return chains;
}

function checkChains(links: ReadonlyMap<string, Link>, own: string | undefined): BrokenLink | null {
  const forgotten = new Set<unknown>();
  for (const { type, entity, redacts } of links.values()) {
    if (type === 'MEMORY_FORGOTTEN') forgotten.add(entity);
    for (const id of redacts) forgotten.add(id);
  }
  for (const [replica, chain] of chainsOf(links)) {
    const broken = checkChain(replica, chain, own === undefined || own === replica);
    if (broken) return broken;
    const bare = chain.find((link) => link.redacted && !forgotten.has(link.entity) && !forgotten.has(link.id));
    if (bare) return brokenAt(bare, 'its content is gone, and nothing says that it was forgotten', bare);
  }
  return null;
}

function checkChain(replica: string, chain: readonly Link[], isWhole: boolean): BrokenLink | null {
  const seals = chain.flatMap(({ sealed }) => (sealed ? [sealed] : []));
  let before: { readonly sequence: number; readonly hash: string } = genesis(replica);
  for (const [at, link] of chain.entries()) {
    const seal = at === 0 ? seals.find(({ to }) => to === link.sequence - 1) : undefined;
    const expected = seal ? { sequence: seal.to, hash: seal.hash } : before;
    if (link.sequence === before.sequence && at > 0) return brokenAt(link, 'its number is taken twice', link);
    const follows = link.sequence === expected.sequence + 1;
    if (follows && link.prev !== expected.hash) return brokenAt(link, 'it does not name the event before it', link);
    if (!follows && isWhole)
      return brokenAt(link, `events ${expected.sequence + 1} to ${link.sequence - 1} are missing before it`, link);
    before = link;
  }
  return null;
}

function brokenAt(
  { path, line }: Place,
  reason: string,
  event: {
    readonly id?: unknown;
    readonly replica?: unknown;
    readonly sequence?: unknown;
    readonly event_sequence?: unknown;
  } = {},
): BrokenLink {
  const sequence = event.event_sequence ?? event.sequence;
  return {
    reason,
    path,
    line,
    replica: typeof event.replica === 'string' ? event.replica : null,
    event_sequence: typeof sequence === 'number' ? sequence : null,
    id: typeof event.id === 'string' ? event.id : null,
  };
}
