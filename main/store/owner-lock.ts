import { randomUUID } from 'node:crypto';
import * as nodeFileSystem from 'node:fs';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { AppError } from '../../shared/errors.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { hash128 } from '../lib/hash.ts';
import type { Log } from '../lib/log.ts';
import { diskError, onDisk } from './disk-errors.ts';
import { durableWrite } from './durable-write.ts';
import { type FileStat, type FsPort, fsErrorCode } from './fs-port.ts';
import { layout } from './layout.ts';
import { assertVaultThere } from './marker.ts';
import { type ProcessIdentity, isGone, thisProcess } from './process-identity.ts';
import type { VaultOwner } from './types.ts';

/**
 * One owner at a time, in two layers: proper-lockfile's folder, kept fresh by a timer, and `_owner.json` with a nonce.
 * The library alone lets two processes own a lock that both thought stale (measured, 8 rounds of 30), so the nonce
 * decides: after a takeover it must still be ours when things have settled, and before each commit it is looked at.
 */
export interface OwnerLock {
  readonly owner: VaultOwner;
  /** VAULT_LOCKED once another process has taken over; DISK_ERROR where the vault's folder is not there or not readable. */
  assertHeld(): void;
  /** After the folder was away or the machine slept: as `assertHeld`, and takes hold of the lock's folder again. */
  renew(): Promise<void>;
  /**
   * disturbed: the library has lost hold of the lock's folder (a long stall, the folder is gone).
   * replaced: the lock is ours, but its file is another one: the vault's folder may be a copy of the one that was opened.
   */
  watch(listener: (event: 'disturbed' | 'replaced') => void): void;
  /** Only what is still ours: a late release must not remove a lock that by now is someone else's. */
  release(): Promise<void>;
}

interface OwnerFile extends ProcessIdentity {
  readonly nonce: string;
  readonly since: string;
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often the holder shows that it lives, and after how long without that its lock counts as abandoned. */
export interface LockTiming {
  readonly staleMs: number;
  readonly updateMs: number;
}
const USUAL_TIMING: LockTiming = { staleMs: 30_000, updateMs: 5_000 };
const SETTLE_MS = 300;

function readOwner(fs: FsPort, root: string): OwnerFile | undefined {
  try {
    return JSON.parse(fs.readFile(join(root, layout.owner)).toString('utf8')) as OwnerFile;
  } catch {
    return undefined; // absent or torn: nobody can be named
  }
}

/** As `readOwner`; but a file that cannot be read just now says nothing about whose it is. */
function readOwnerSurely(fs: FsPort, root: string): OwnerFile | undefined {
  if (fs.stat(join(root, layout.owner)) === undefined) return undefined;
  fs.readRange(join(root, layout.owner), 0, 1);
  return readOwner(fs, root);
}

/** The process that has the vault open for writing; null when none is known to. */
export function readLiveOwner(fs: FsPort, root: string): VaultOwner | null {
  const found = readOwner(fs, root);
  if (!found || isGone(found) || fs.stat(join(root, layout.lock)) === undefined) return null;
  return { pid: found.pid, host: found.host, since: found.since };
}

function locked(holder: OwnerFile | undefined): AppError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host} since ${holder.since}`
    : 'another process that has not said who it is';
  return new AppError('VAULT_LOCKED', `The vault is in use by ${who}.`, {
    remedy: 'Quit that copy of Almanac, then try again.',
    details: holder ? { pid: holder.pid, host: holder.host, since: holder.since } : {},
  });
}

/** Takes the vault for this process. VAULT_LOCKED names the holder; one that is certainly dead is taken over at once. */
export async function acquireOwnerLock(port: Port, timing: LockTiming = USUAL_TIMING): Promise<OwnerLock> {
  const { fs, root, clock } = port;
  const former = readOwner(fs, root);
  // A dead owner whose lock is gone already is just being taken over: by who has the claim, and nobody beside.
  const isTakeover = former !== undefined || fs.stat(join(root, layout.lock)) !== undefined;
  const endClaim = former && isGone(former) ? claimDeadLock(port, former) : () => undefined;
  try {
    const mine: OwnerFile = { nonce: randomUUID(), ...thisProcess(), since: isoNow(clock) };
    const lock = new HeldLock(port, mine, timing);
    await lock.take();
    endClaim();
    if (isTakeover) await lock.settle();
    return lock;
  } finally {
    endClaim();
  }
}

class HeldLock implements OwnerLock {
  readonly owner: VaultOwner;
  readonly #port: Port;
  readonly #mine: OwnerFile;
  readonly #timing: LockTiming;
  /** May the library remove the lock's folder? While taking: a stale one. Afterwards only when it is ours. */
  #phase: 'taking' | 'held' | 'releasing' = 'taking';
  #unlock: () => Promise<void> = async () => undefined;
  #seen: FileStat | undefined;
  /** The library no longer keeps the lock's folder fresh. */
  #isLoose = false;
  #retaking: Promise<void> | undefined;
  readonly #listeners: ((event: 'disturbed' | 'replaced') => void)[] = [];

  constructor(port: Port, mine: OwnerFile, timing: LockTiming) {
    this.#timing = timing;
    this.#port = port;
    this.#mine = mine;
    this.owner = { pid: mine.pid, host: mine.host, since: mine.since };
  }

  async take(): Promise<void> {
    const { fs, root } = this.#port;
    await this.#lockFolder();
    try {
      durableWrite(fs, root, this.#ownerPath, Buffer.from(`${JSON.stringify(this.#mine, null, 2)}\n`));
    } catch (error) {
      await this.#unlock();
      throw error;
    }
    this.#phase = 'held';
    this.#seen = fs.stat(this.#ownerPath);
  }

  /** Two processes that both took a stale lock: the one whose nonce stands in the end has won, the other stands down. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (this.#isMine()) return;
    await this.#unlock().catch(() => undefined); // the folder is the winner's; this only stops our timer
    throw locked(readOwner(this.#port.fs, this.#port.root));
  }

  assertHeld(): void {
    const { fs, root } = this.#port;
    onDisk('looking at the lock', () => {
      const now = fs.stat(this.#ownerPath);
      if (now !== undefined && now.inode === this.#seen?.inode && now.modifiedMs === this.#seen.modifiedMs) return;
      const found = readOwnerSurely(fs, root);
      if (found?.nonce !== this.#mine.nonce) {
        assertVaultThere(fs, root);
        throw locked(found);
      }
      this.#seen = now;
      this.#tell('replaced');
    });
  }

  async renew(): Promise<void> {
    this.assertHeld();
    if (this.#isLoose) await this.#retake();
  }

  watch(listener: (event: 'disturbed' | 'replaced') => void): void {
    this.#listeners.push(listener);
  }

  #tell(event: 'disturbed' | 'replaced'): void {
    for (const listener of this.#listeners) listener(event);
  }

  async release(): Promise<void> {
    const { fs, log } = this.#port;
    if (this.#isMine()) {
      this.#phase = 'releasing';
      // Before the folder goes: after that, a file of this name may be the next owner's.
      fs.unlink(this.#ownerPath);
    }
    await this.#unlock().catch((error: unknown) => log.warn('the lock was gone already', { error: String(error) }));
  }

  get #ownerPath(): string {
    return join(this.#port.root, layout.owner);
  }

  #isMine(): boolean {
    return readOwner(this.#port.fs, this.#port.root)?.nonce === this.#mine.nonce;
  }

  async #lockFolder(): Promise<void> {
    const { fs, root } = this.#port;
    try {
      this.#unlock = await lockfile.lock(join(root, layout.marker), {
        lockfilePath: join(root, layout.lock),
        realpath: false, // the root is a real path already
        stale: this.#timing.staleMs,
        update: this.#timing.updateMs,
        fs: guardedFileSystem(() => this.#phase !== 'held' || this.#isMine()),
        onCompromised: (error) => this.#onCompromised(error),
      });
    } catch (error) {
      const code = fsErrorCode(error);
      // Taken away while it was being taken: by one that found it stale.
      const isTaken = code === 'ENOENT' && fs.stat(root) !== undefined;
      if (code === 'ELOCKED' || isTaken) throw locked(readOwner(fs, root));
      throw diskError(error, `locking ${root}`);
    }
  }

  /**
   * The library has let go: its timer was late (sleep, a long stall), or somebody took the folder. Called from a timer,
   * so it must not throw. If the nonce is still ours nobody came, and the folder is taken anew.
   */
  #onCompromised(error: Error): void {
    const { log } = this.#port;
    log.warn('the vault lock was disturbed', { error: error.message });
    this.#isLoose = true;
    this.#retake().catch((failure: unknown) =>
      log.warn('the vault lock could not be renewed', { error: String(failure) }),
    );
    this.#tell('disturbed');
  }

  #retake(): Promise<void> {
    this.#retaking ??= this.#lockAgain().finally(() => (this.#retaking = undefined));
    return this.#retaking;
  }

  async #lockAgain(): Promise<void> {
    const { fs, root } = this.#port;
    if (this.#phase !== 'held' || !this.#isMine()) return;
    if (fs.stat(join(root, layout.lock))?.kind === 'folder') fs.removeFolder(join(root, layout.lock));
    await this.#lockFolder();
    this.#isLoose = false;
  }
}

/**
 * The library removes the lock's folder on release and when the process ends, without asking whose it is by then.
 * So it gets a file system that asks. (It also remembers the disk's time precision on this object: one per vault.)
 */
function guardedFileSystem(mayRemove: () => boolean): typeof nodeFileSystem {
  return {
    ...nodeFileSystem,
    rmdir: ((path: string, done: (error: Error | null) => void) =>
      mayRemove() ? nodeFileSystem.rmdir(path, done) : done(null)) as typeof nodeFileSystem.rmdir,
    rmdirSync: (path) => (mayRemove() ? nodeFileSystem.rmdirSync(path) : undefined),
  };
}

/** Junk that systems put into any folder; with it inside, the lock folder could never be removed. */
const JUNK = new Set(['.DS_Store', 'desktop.ini', 'Thumbs.db']);

/**
 * Removes a dead owner's lock, as the only process to do so: of several that see it dead, one makes the claim's folder.
 * Without it, a slow one could remove the lock of the one that was quicker. Returns what ends the claim.
 */
function claimDeadLock({ fs, root, clock }: Port, dead: OwnerFile): () => void {
  const claim = join(root, `${layout.lock}-${hash128(dead.nonce)}`);
  makeClaim(fs, claim, clock);
  // Looked at again now that nobody else can be at it: it may have been taken over before the claim.
  if (readOwner(fs, root)?.nonce === dead.nonce) removeLockFolder(fs, join(root, layout.lock));
  return () => endClaimOf(fs, claim);
}

function endClaimOf(fs: FsPort, claim: string): void {
  try {
    if (fs.stat(claim) !== undefined) fs.removeFolder(claim);
  } catch (error) {
    if (fsErrorCode(error) !== 'ENOENT') throw error; // another has just found it left behind
  }
}

function makeClaim(fs: FsPort, claim: string, clock: Clock): void {
  try {
    fs.makeFolder(claim);
  } catch (error) {
    if (fsErrorCode(error) !== 'EEXIST') throw diskError(error, 'taking over the lock');
    const madeMs = fs.stat(claim)?.modifiedMs ?? clock.now();
    // Left behind by a process that died while it took over.
    if (madeMs < clock.now() - USUAL_TIMING.staleMs) endClaimOf(fs, claim);
    throw locked(undefined);
  }
}

function removeLockFolder(fs: FsPort, folder: string): void {
  if (fs.stat(folder)?.kind !== 'folder') return;
  for (const { name } of fs.readFolder(folder)) if (JUNK.has(name)) fs.unlink(join(folder, name));
  try {
    fs.removeFolder(folder);
  } catch {
    // Something of someone else's is in it; the library will say that it is locked.
  }
}
