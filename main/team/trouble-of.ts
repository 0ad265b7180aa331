import { AppError, toAppError } from '../../shared/errors.ts';
import { RemoteTrouble } from '../sync/ports.ts';
import { Incompatible, NeedsDecision } from '../sync/session.ts';
import type { EngineStatus } from './engine.ts';

/** What an error means for the state, and what a person is told. */
export interface Trouble {
  readonly state: EngineStatus['state'];
  readonly error: AppError;
}

export const NEEDS_A_PERSON: ReadonlySet<string> = new Set([
  'REMOTE_AUTH',
  'REMOTE_FORBIDDEN',
  'REMOTE_NOT_PREPARED',
  'REMOTE_URL_BAD',
  'REMOTE_TLS',
]);

export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof NeedsDecision) return { state: 'needs_decision', error: needsDecision(thrown) };
  if (thrown instanceof Incompatible) return { state: 'incompatible', error: incompatible(thrown) };
  const error = toAppError(thrown instanceof RemoteTrouble && thrown.cause instanceof AppError ? thrown.cause : thrown);
  if (thrown instanceof RemoteTrouble && thrown.kind === 'fence') return { state: 'incompatible', error };
  const isLogin = NEEDS_A_PERSON.has(error.code) || (thrown instanceof RemoteTrouble && thrown.kind === 'auth');
  return { state: isLogin ? 'needs_login' : 'offline', error };
}

function needsDecision(cause: NeedsDecision): AppError {
  return new AppError(
    'SYNC_NEEDS_DECISION',
    'A fail-safe stopped the reconciling; nothing was changed on either side.',
    {
      remedy: 'Look at the Sync page or `almanac sync status`, then say which side is right (`almanac sync decide`).',
      details: { kind: cause.message },
    },
  );
}

function incompatible(cause: Incompatible): AppError {
  return new AppError('NOT_SUPPORTED', cause.message, {
    remedy: 'Update Almanac here, or for the team. Everything works on this computer meanwhile.',
    cause,
  });
}
