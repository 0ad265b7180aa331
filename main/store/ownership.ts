import { AppError, toAppError } from '../../shared/errors.ts';
import { translated } from './disk-errors.ts';
import type { FsPort } from './fs-port.ts';
import type { HealthMonitor, TroubleState } from './health.ts';
import { assertVaultThere, readMarker } from './marker.ts';
import type { OwnerLock } from './owner-lock.ts';

/** Whether this process may write into the vault now. Each "no" is told to the vault's health. */
export interface Ownership {
  /** VAULT_READ_ONLY, VAULT_LOCKED (another process took over), DISK_ERROR (the folder is not there, or not readable). */
  assert(): void;
  /** As `assert`, by what is known already: does not ask the disk. */
  assertKnown(): void;
  /** The vault's folder was away: whether it is back and still ours. */
  comeBack(): Promise<boolean>;
  /** The machine slept: looks whether anybody took over meanwhile. */
  wake(): Promise<void>;
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly storeId: string;
  readonly lock: OwnerLock | null;
  readonly health: Pick<HealthMonitor, 'barrier' | 'report' | 'clear'>;
  /** The folder may be a copy of the one that was opened: what is held open of the log belongs to that one. */
  readonly onReplaced: () => void;
}

export function createOwnership(port: Port): Ownership {
  const { fs, root, storeId, lock, health, onReplaced } = port;

  function assertKnown(): void {
    if (lock === null) throw readOnly();
    if (health.barrier) throw health.barrier;
  }

  function assert(): void {
    assertKnown();
    try {
      lock?.assertHeld();
    } catch (error) {
      throw told(error);
    }
  }

  function told(thrown: unknown): AppError {
    const error = toAppError(translated(thrown, 'looking at the lock'));
    health.report(stateOf(error), error);
    return error;
  }

  function stateOf({ code }: AppError): TroubleState {
    if (code === 'VAULT_LOCKED') return 'lost';
    try {
      assertVaultThere(fs, root);
      return 'refusing';
    } catch (error) {
      // A disk that does not even answer is not a missing folder.
      return error instanceof AppError ? 'gone' : 'refusing';
    }
  }

  /** The same vault, not just any. */
  function isThere(): boolean {
    try {
      return readMarker(fs, root).store_id === storeId;
    } catch {
      return false;
    }
  }

  lock?.watch((event) => {
    if (event === 'replaced') return onReplaced();
    try {
      assert();
    } catch {
      // Told.
    }
  });

  return {
    assert,
    assertKnown,
    async comeBack() {
      if (!isThere()) return false;
      try {
        await lock?.renew();
      } catch (error) {
        // Written to by somebody else while it was away: what memory holds is not true any more.
        const { code } = told(error);
        if (code === 'VAULT_LOCKED') health.clear('gone');
        return false;
      }
      onReplaced();
      health.clear('gone');
      return true;
    },
    async wake() {
      try {
        await lock?.renew();
      } catch (error) {
        told(error);
      }
    },
  };
}

function readOnly(): AppError {
  return new AppError('VAULT_READ_ONLY', 'The vault is open for reading only.', {
    remedy: 'Make the change in the copy of Almanac that has it open, or quit that one.',
  });
}
