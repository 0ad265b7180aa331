import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';

/** Long enough to find the browser, short enough that a link left in a terminal's history opens nothing. */
export const tokenLifeMs = 10 * 60 * 1000;

/** Who may use the web host: one-time tokens become sessions; only hashes of either are kept. */
export interface Sessions<T> {
  /** A new token for one sign-in; earlier unused ones stay good for their time. */
  newToken(): string;
  /** Uses the token up. The new session's secret for the cookie, or null where the token is wrong, used or too old. */
  exchange(token: string): string | null;
  /** What belongs to the session with this secret. */
  find(secret: string): T | undefined;
}

/** `open` makes what each session owns (its rate limit). */
export function createSessions<T>(clock: Clock, open: () => T): Sessions<T> {
  const tokens = new Map<string, number>();
  const sessions = new Map<string, T>();
  return {
    newToken() {
      const token = newSecret();
      tokens.set(hash(token), clock.now() + tokenLifeMs);
      return token;
    },
    exchange(token) {
      const key = hash(token);
      const expiresAt = tokens.get(key);
      if (expiresAt === undefined) return null;
      tokens.delete(key);
      if (clock.now() > expiresAt) return null;
      const secret = newSecret();
      sessions.set(hash(secret), open());
      return secret;
    },
    // Looking up the hash leaves nothing to time: what a caller can vary is hashed first.
    find: (secret) => sessions.get(hash(secret)),
  };
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

/** The port is in the name because cookies are shared by all ports of a host: two vaults must not sign each other out. */
export function cookieName(port: number): string {
  return `almanac_${port}`;
}

export function sessionCookie(port: number, secret: string): string {
  return `${cookieName(port)}=${secret}; HttpOnly; SameSite=Strict; Path=/`;
}

/** The session secret in a Cookie header. */
export function secretFrom(cookieHeader: string | undefined, port: number): string | undefined {
  const prefix = `${cookieName(port)}=`;
  const pair = cookieHeader?.split(/;\s*/).find((part) => part.startsWith(prefix));
  return pair?.slice(prefix.length);
}
