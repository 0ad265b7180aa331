import { AppError } from '../../shared/errors.ts';
import { errorData } from '../../shared/ipc/reply.ts';
import type { Clock } from '../lib/clock.ts';
import type { Dispatch } from './router.ts';

export interface RateLimit {
  /** Calls that may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * Per client. A list dragged by its scroll bar asks for one window of rows per frame (60 a second) while search as you
 * type and the status run beside it: 200 a second leaves room for that and still stops a page that calls in a loop.
 */
export const defaultRateLimit: RateLimit = { burst: 400, perSecond: 200 };

/** The same dispatch for one client (a window, a browser session), refusing with TOO_MANY_CALLS what comes too fast. */
export function withRateLimit(dispatch: Dispatch, clock: Clock, limit: RateLimit = defaultRateLimit): Dispatch {
  let tokens = limit.burst;
  let refilledAt = clock.now();
  return (method, rawInput) => {
    const now = clock.now();
    // A clock set back must not take tokens away.
    const elapsedMs = Math.max(0, now - refilledAt);
    tokens = Math.min(limit.burst, tokens + (elapsedMs / 1000) * limit.perSecond);
    refilledAt = now;
    if (tokens < 1) return Promise.resolve({ ok: false, error: errorData(tooManyCalls(limit)) });
    tokens -= 1;
    return dispatch(method, rawInput);
  };
}

function tooManyCalls(limit: RateLimit): AppError {
  return new AppError('TOO_MANY_CALLS', `More than ${limit.perSecond} calls a second came from this window.`, {
    remedy: 'Wait a second and go on.',
  });
}
