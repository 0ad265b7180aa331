import type { Clock } from '../lib/clock.ts';
import { connect, firstState } from './connect.ts';
import { type CycleOptions, runCycle } from './cycle.ts';
import { type Feed, openFeed } from './feed.ts';
import { type LocalPort, type RemotePort, RemoteTrouble } from './ports.ts';
import type { FullReport } from './reconcile-all.ts';
import { createRemovalGuard, type RemovalGuard } from './removal-guard.ts';
import { createEchoes } from './echoes.ts';
import { type ScopeWish, scopeAt } from './scope.ts';
import { createSent } from './sent.ts';
import { savedPosition, savePosition, type SavedPosition } from './save-position.ts';
import type { Counts, EventLevel, Limits, Session } from './session.ts';

export interface RoundsParts {
  readonly local: LocalPort;
  readonly remote: RemotePort;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly note?: (level: EventLevel, message: string) => void;
  /** What of the team's archive the vault is to hold; absent or null: all of it. */
  readonly scope?: () => ScopeWish | null;
  /** Absent: the usual ones. */
  readonly limits?: Limits;
}

const USUAL_LIMITS: Limits = { records: 500, bytes: 6 * 1024 * 1024 };

export interface Round {
  /** Null where nothing had to be compared. */
  readonly full: FullReport | null;
  /** There is more to do at once: history was lost, or the server turned out to have none. */
  readonly again: boolean;
}

/**
 * Round after round with one team database: connects where it is not, keeps the change stream, and lets go of both when
 * anything goes wrong. Which is all there is to be done about it: the vault knows what has not been settled.
 */
export class Rounds {
  readonly #parts: RoundsParts;
  readonly #guard: RemovalGuard;
  readonly #sent = createSent();
  readonly counts: Counts = { pushed: 0, pulled: 0, merged: 0, conflicts: 0, mismatches: 0 };
  clockOffsetMs: number | null = null;
  streams: boolean | null = null;
  #session: Session | null = null;
  #saved: SavedPosition | null = null;
  #feed: Feed | null = null;
  #isRunning = false;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
    this.#guard = createRemovalGuard(parts.clock);
  }

  /** Throws RemoteTrouble, NeedsDecision, Incompatible, and what the vault throws. */
  async once(options: CycleOptions = {}): Promise<Round> {
    if (this.#isRunning) throw new Error('Rounds overlap. This is a bug in Almanac.');
    this.#isRunning = true;
    try {
      const isNew = this.#session === null;
      const session = (this.#session ??= await this.#open());
      // Whether it is still the same database is asked as often as everything is compared.
      if (options.digest === true && !isNew) await connect(session);
      const full = await runCycle(session, this.#feed, options);
      if (this.#saved !== null) await savePosition(session, this.#saved);
      const again = session.isOver || session.needsDigest;
      if (session.isOver) this.drop();
      return { full, again };
    } catch (error) {
      this.drop();
      if (!(error instanceof RemoteTrouble) || error.kind !== 'token-lost') throw error;
      // Whatever the server says of itself (reliability.md D20): it has no streams.
      this.streams = false;
      return { full: null, again: true };
    } finally {
      this.#isRunning = false;
    }
  }

  /** Something may have changed on the server; never where it is polled. */
  changed(): Promise<void> {
    return this.#feed?.ready() ?? new Promise(() => undefined);
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Lets go of the connection; the next round makes another. */
  drop(): void {
    this.#feed?.stop();
    this.#feed = null;
    this.#session = null;
  }

  async #open(): Promise<Session> {
    const { local, remote, clock, newId, note } = this.#parts;
    const session: Session = {
      local,
      remote,
      clock,
      guard: this.#guard,
      sent: this.#sent,
      echoes: createEchoes(),
      limits: this.#parts.limits ?? USUAL_LIMITS,
      scope: () => scopeAt(this.#parts.scope?.() ?? null, local.replica, clock.now()),
      needsScope: false,
      state: await firstState(local, remote, newId),
      readOnly: new Set(),
      hidden: new Set(),
      needsDigest: false,
      isUnbroken: false,
      isOver: false,
      counts: this.counts,
      note: note ?? (() => undefined),
    };
    const hello = await connect(session);
    this.clockOffsetMs = hello.clock_offset_ms;
    this.streams = hello.streams && this.streams !== false;
    const { resume_token, poll_cursor } = session.state;
    session.needsDigest ||= (this.streams ? resume_token : poll_cursor) === null;
    this.#saved = savedPosition(session.state);
    if (this.streams) {
      this.#feed = openFeed(remote, resume_token);
      // The stream stands before anything is compared (reliability.md D5).
      await this.#feed.opened;
    }
    return session;
  }
}
