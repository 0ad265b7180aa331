import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Vault } from '../store/types.ts';
import { createCredentials, type Keychain } from '../team/credentials.ts';
import { createTeam } from '../team/team.ts';
import type { Team } from '../team/types.ts';
import { startThread } from '../team/thread-engine.ts';
import { workerFiles } from './worker-files.ts';

interface TeamRequest {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  readonly keychain?: Keychain | undefined;
  /** The app keeps both sides equal by itself; a command does what it is told and ends. */
  readonly isResident: boolean;
}

/** The team's side of a vault, with the reconciling in a thread of its own. */
export function openTeam({ vault, clock, log, keychain, isResident }: TeamRequest): Team {
  return createTeam({
    vault,
    clock,
    log,
    isResident,
    credentials: createCredentials({ vaultRoot: vault.root, keychain }),
    env: process.env,
    startEngine: (ports) => startThread({ ...ports, local: vault.ledger(), workerUrl: workerFiles.team }),
  });
}
