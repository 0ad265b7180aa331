import { isUtf8 } from 'node:buffer';
import type { TimeSlices } from '../../lib/time-slices.ts';
import { readCarefully } from './careful-line.ts';
import { chainsOf, checkChains } from './check-chains.ts';
import { type BrokenLink, type Link, type LinkBody, type Place, brokenAt } from './link.ts';
import { type QuickReader, createQuickReader } from './quick-line.ts';

/** A file of the memory log as it lies on disk. */
export interface LogFileBytes {
  /** Relative to the vault. */
  readonly path: string;
  readonly bytes: Uint8Array;
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
  const readQuickly = createQuickReader();
  for (const file of files) {
    const broken = yield* readFile(file, readQuickly, links);
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
function* readFile(
  file: LogFileBytes,
  readQuickly: QuickReader,
  links: Map<string, Link>,
): Generator<undefined, BrokenLink | null> {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
  const isText = isUtf8(bytes);
  let line = 0;
  let from = 0;
  while (from < bytes.length) {
    line += 1;
    const end = bytes.indexOf(NEWLINE, from);
    const place = { path: file.path, line };
    if (end === -1) return brokenAt(place, 'its end is missing');
    const quick = isText ? readQuickly(bytes, from, end) : null;
    const broken = quick ? keep(quick, place, links) : readSlowly(bytes.subarray(from, end), place, links);
    if (broken) return broken;
    from = end + 1;
    if (line % LINES_A_STEP === 0) yield;
  }
  return null;
}

function readSlowly(raw: Buffer, place: Place, links: Map<string, Link>): BrokenLink | null {
  if (!isUtf8(raw)) return brokenAt(place, 'it is no text');
  const line = readCarefully(raw.toString('utf8'), place);
  if (line.is === 'broken') return line.broken;
  if (line.is === 'event') return keep(line.link, place, links);
  links.delete(line.id);
  return null;
}

/** Once more the same event, or one that lost its content since, keeps the place of the first. */
function keep(link: LinkBody, place: Place, links: Map<string, Link>): BrokenLink | null {
  const known = links.get(link.id);
  if (known && known.hash !== link.hash) return brokenAt(place, 'it is written over another event', link);
  const { path, line } = known ?? place;
  links.set(link.id, { ...link, path, line });
  return null;
}
