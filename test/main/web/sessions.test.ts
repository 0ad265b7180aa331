import { expect, test } from 'vitest';
import { createSessions, secretFrom, sessionCookie, tokenLifeMs } from '../../../main/web/sessions.ts';

function sessionsAt(time: { ms: number }) {
  let opened = 0;
  return createSessions({ now: () => time.ms }, () => (opened += 1));
}

test('a token opens one session, once', () => {
  const sessions = sessionsAt({ ms: 0 });
  const token = sessions.newToken();
  const secret = sessions.exchange(token);
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(sessions.find(secret ?? '')).toBe(1);
  expect(sessions.exchange(token)).toBeNull();
});

test('a token that is too old or was never given opens nothing', () => {
  const time = { ms: 0 };
  const sessions = sessionsAt(time);
  const token = sessions.newToken();
  expect(sessions.exchange(`${token.slice(0, -1)}_`)).toBeNull();
  expect(sessions.exchange('')).toBeNull();
  time.ms = tokenLifeMs + 1;
  expect(sessions.exchange(token)).toBeNull();
});

test('a token is no session and a session is no token', () => {
  const sessions = sessionsAt({ ms: 0 });
  const token = sessions.newToken();
  expect(sessions.find(token)).toBeUndefined();
  const secret = sessions.exchange(token) ?? '';
  expect(sessions.exchange(secret)).toBeNull();
  expect(sessions.find('')).toBeUndefined();
});

test('the cookie stays with its port, out of scripts and of other sites', () => {
  const cookie = sessionCookie(8123, 'secret');
  expect(cookie).toBe('almanac_8123=secret; HttpOnly; SameSite=Strict; Path=/');
  expect(secretFrom('a=1; almanac_8123=secret; b=2', 8123)).toBe('secret');
  expect(secretFrom('almanac_8124=other; xalmanac_8123=no', 8123)).toBeUndefined();
  expect(secretFrom(undefined, 8123)).toBeUndefined();
});
