import type { SyncState } from './ports.ts';
import { commit, type Session } from './session.ts';

/** A quiet server's token ages (reliability.md D4), but an idle vault should not write all the time. */
const EVERY_MS = 60_000;

/** What of the state is remembered between commits, and when it was last written. */
export interface SavedPosition {
  token: string | null;
  cursor: string | null;
  atMs: number;
}

export function savedPosition(state: SyncState): SavedPosition {
  return { token: state.resume_token, cursor: state.poll_cursor, atMs: Number.NEGATIVE_INFINITY };
}

/** Writes how far we came, where that has not been written with data for a minute. */
export async function savePosition(session: Session, saved: SavedPosition): Promise<void> {
  const { resume_token, poll_cursor } = session.state;
  if (resume_token === saved.token && poll_cursor === saved.cursor) return;
  const nowMs = session.clock.now();
  if (Math.abs(nowMs - saved.atMs) < EVERY_MS) return;
  const last_synced_at = new Date(nowMs).toISOString();
  await commit(session, { steps: [], state: { resume_token, poll_cursor, last_synced_at } });
  Object.assign(saved, { token: resume_token, cursor: poll_cursor, atMs: nowMs });
}
