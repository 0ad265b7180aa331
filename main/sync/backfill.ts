import type { CollectionName } from '../../shared/collections/registry.ts';
import { isSameJson } from '../lib/canonical-json.ts';
import { compareContents } from './parity.ts';
import type { LocalPort, RandomPort, RemotePort } from './ports.ts';
import type { Reconciler } from './reconciler.ts';

const SPOT_CHECKS = 20;

export interface BackfillParts {
  readonly local: LocalPort;
  readonly remote: RemotePort;
  readonly clock: { now(): number };
  readonly random: RandomPort;
  readonly reconciler: Pick<Reconciler, 'syncNow'>;
}
export interface BackfillOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly phase: 'push' | 'compare';
    readonly done: number;
    readonly total: number;
  }) => void;
}

export interface BackfilledCollection {
  readonly by: 'contents';
  readonly local: number;
  readonly remote: number;
  readonly checksum: string;
  readonly differing: readonly string[];
  /** Records read from both sides once more, one by one. */
  readonly spot_checks: { readonly checked: number; readonly equal: number };
}
export interface BackfillResult {
  readonly ok: boolean;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly pushed: number;
  readonly collections: Readonly<Partial<Record<CollectionName, BackfilledCollection>>>;
}

/** Pushes the whole vault, and reports by reading both sides. Safe to interrupt and to repeat: it goes on where it was. */
export async function backfill(parts: BackfillParts, options: BackfillOptions = {}): Promise<BackfillResult> {
  const { local, clock, reconciler } = parts;
  const startedMs = clock.now();
  const total = sum(Object.values(await local.countDirty()));
  let pushed = 0;
  const onPushed = (n: number): void => {
    pushed += n;
    options.onProgress?.({ phase: 'push', done: pushed, total });
  };
  await reconciler.syncNow({ digest: true, onPushed, ...(options.signal && { signal: options.signal }) });
  const collections: Partial<Record<CollectionName, BackfilledCollection>> = {};
  let ok = true;
  for (const collection of local.collections) {
    const report = await reportOf(parts, collection, options);
    collections[collection] = report;
    ok &&= report.differing.length === 0 && report.spot_checks.equal === report.spot_checks.checked;
  }
  return {
    ok,
    started_at: new Date(startedMs).toISOString(),
    duration_ms: clock.now() - startedMs,
    pushed,
    collections,
  };
}

async function reportOf(
  parts: BackfillParts,
  collection: CollectionName,
  { signal, onProgress }: BackfillOptions,
): Promise<BackfilledCollection> {
  const { local, remote } = parts;
  const total = await local.count(collection);
  let done = 0;
  const onCompared = (records: number): void => onProgress?.({ phase: 'compare', done: (done += records), total });
  const { equal: _, ...parity } = await compareContents(local, remote, collection, { signal, onCompared });
  return { by: 'contents', ...parity, spot_checks: await spotCheck(parts, collection) };
}

/** A sample of fixed size of a stream of unknown length (reservoir), read again from both sides. */
async function spotCheck({ local, remote, random }: BackfillParts, collection: CollectionName) {
  const sample: string[] = [];
  let seen = 0;
  for await (const part of local.scan(collection)) {
    for (const { id } of part) {
      seen += 1;
      if (sample.length < SPOT_CHECKS) sample.push(id);
      else {
        const at = Math.floor(random() * seen);
        if (at < SPOT_CHECKS) sample[at] = id;
      }
    }
  }
  const ours = await local.read(collection, sample);
  const theirs = sample.length === 0 ? new Map<string, never>() : await remote.read(collection, sample);
  const equal = sample.filter((id) => {
    const their = theirs.get(id);
    return their !== undefined && 'record' in their && isSameJson(ours.get(id)?.local, their.record);
  });
  return { checked: sample.length, equal: equal.length };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
