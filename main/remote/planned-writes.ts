import type { Change, WriteOptions } from '../../shared/store/store.ts';
import { type PlacedWrite, LostRace, applyWrites } from './apply-ops.ts';
import { remoteFailure } from './remote-error.ts';
import type { StorePort } from './store-port.ts';

/** What a write does, what listeners are told of it, and what the caller gets. */
export interface Plan<R> {
  readonly writes: readonly PlacedWrite[];
  readonly changes: readonly Change[];
  readonly result: R;
  /** An insert because nothing matched: a key that is taken may mean that something matches by now. */
  readonly isUpsert?: true;
}

/** Tries of a write that others keep overtaking, each after a random wait that grows to `MAX_WAIT_MS`. */
const MAX_TRIES = 200;
const MAX_WAIT_MS = 100;
/** An upsert that finds its key taken looks again so often; then the key belongs to something that its filter does not mean. */
const UPSERT_LOOKS = 3;

/** Plans and writes until nobody was quicker, then tells those who watch. REMOTE_CONTESTED after many tries. */
export async function writeTogether<R>(
  port: StorePort,
  { source = 'local' }: WriteOptions,
  plan: (attempt: number) => Promise<Plan<R>>,
): Promise<R> {
  const { connection } = port;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { writes, changes, result, isUpsert = false } = await plan(attempt);
    for (const { record } of writes) port.expectEcho(record._meta.rev);
    try {
      await applyWrites(connection, writes);
      if (changes.length > 0) port.announce({ source, changes });
      return result;
    } catch (error) {
      const mayMatchNow = isUpsert && attempt <= UPSERT_LOOKS && (error as { code?: unknown }).code === 'DUPLICATE_KEY';
      if (!(error instanceof LostRace) && !mayMatchNow) throw error;
      await pause(Math.random() * Math.min(MAX_WAIT_MS, 2 ** Math.min(attempt, 10)));
    }
  }
  throw remoteFailure('contested', connection.server);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
