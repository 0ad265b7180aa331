import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../../main/cli/run.ts';
import { createApp } from '../../../main/app/create-app.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

interface Outcome {
  readonly code: number;
  readonly value: unknown;
}

/** Runs `almanac memory …` with --json against one vault, on a clock of the test's own. */
function memoryCli(start = '2026-03-01T10:00:00.000Z') {
  const vault = join(tempFolder(), 'vault');
  let nowMs = Date.parse(start);
  const call = async (args: readonly string[]): Promise<{ code: number; out: string }> => {
    let out = '';
    const code = await run(['--vault', vault, ...args], {
      out: (text) => void (out += text),
      note: (text) => void (out += text),
      isWatched: false,
      readInput: async () => '',
      clock: { now: () => nowMs },
      signal: new AbortController().signal,
    });
    return { code, out };
  };
  const json = async (...args: string[]): Promise<Outcome> => {
    const { code, out } = await call(['memory', ...args, '--json']);
    return { code, value: JSON.parse(out) as unknown };
  };
  const add = async (text: string, ...more: string[]): Promise<string> =>
    ((await json('add', text, '--type', 'USER_FACT', ...more)).value as { id: string }).id;
  return { vault, call, json, add, forward: (days: number) => void (nowMs += days * 86_400_000) };
}

test('add gives the memory, list what is believed, with evidence and what is left of the confidence', async () => {
  const { json, add, forward } = memoryCli();
  const added = await json(
    'add',
    'Loves fettuccini',
    '--type',
    'USER_FACT',
    '--confidence',
    '0.85',
    '--evidence',
    'm1',
  );
  const expected = {
    id: expect.any(String) as string,
    type: 'USER_FACT',
    text: 'Loves fettuccini',
    confidence: 0.85,
    current_confidence: 0.85,
    state: 'active',
    subject: 'USER:local',
    evidence: [{ message_id: 'm1' }],
    last_confirmed_at: null,
  };
  expect(added).toMatchObject({ code: 0, value: expected });
  await add('Plays the viola', '--confidence', '0.95');
  forward(30);
  const { value } = await json('list');
  expect(value).toMatchObject([
    { text: 'Plays the viola' },
    { ...expected, current_confidence: expect.closeTo(0.425, 6) as number },
  ]);
  expect(await json('list', '--type', 'pattern')).toEqual({ code: 0, value: [] });
});

test('what is asked wrongly exits with 2, what is refused with 1 and the reason', async () => {
  const { json, add } = memoryCli();
  expect((await json('add', 'x', '--type', 'USER_GUESS')).code).toBe(2);
  expect((await json('add', 'x')).code).toBe(2);
  expect((await json('add', 'x', '--type', 'fact', '--confidence', 'much')).code).toBe(2);
  expect(await json('add', 'x', '--type', 'fact', '--confidence', '0.5')).toMatchObject({
    code: 1,
    value: { error: { code: 'BAD_RECORD', message: expect.stringContaining('0.60') as string } },
  });
  const id = await add('Is vegan');
  expect(await json('add', 'is vegan.', '--type', 'fact')).toMatchObject({
    code: 1,
    value: { error: { code: 'MEMORY_KNOWN' } },
  });
  expect(await json('show', 'nobody')).toMatchObject({ code: 1, value: { error: { code: 'NOT_FOUND' } } });
  expect((await json('edit', id)).code).toBe(2);
  expect((await json('as-of', 'yesterday')).code).toBe(2);
});

test('a memory’s life from the command line, and its log', async () => {
  const { json, add, call, forward } = memoryCli();
  const [id, other] = [await add('Lives in Oslo'), await add('Lives in Oslo, Norway', '--anyway')];
  forward(1);
  expect(await json('confirm', id, '--why', 'Said again')).toMatchObject({ value: { confirmation_count: 2 } });
  expect(await json('contradict', id, '--evidence', 'm9')).toMatchObject({ value: { contradiction_count: 1 } });
  expect(await json('edit', id, '--text', 'Lives in Bergen', '--pin', '--domain', 'home')).toMatchObject({
    value: { text: 'Lives in Bergen', pinned: true, domain: 'home' },
  });
  expect(await json('merge', id, other)).toMatchObject({ value: { confirmation_count: 3 } });
  expect(await json('recall', 'where', 'is', 'Bergen')).toMatchObject({ value: { picks: [{ id }] } });
  expect(await json('why', id)).toMatchObject({ value: { memory: { id }, fades_at: null } });
  expect((await call(['memory', 'why', id])).out).toContain('Pinned: it does not fade.');
  expect(await json('as-of', '2026-03-01', id)).toMatchObject({ value: [{ state: { text: 'Lives in Oslo' } }] });
  const compared = (await json('as-of', '2026-03-01', '--compare', '2026-03-02')).value as Record<string, string>[];
  expect(new Map(compared.map(({ entity_key, kind }) => [entity_key, kind]))).toEqual(
    new Map([
      [`memories/${id}`, 'changed'],
      [`memories/${other}`, 'removed'],
    ]),
  );
  expect(await json('restore', id, '--as-of', '2026-03-01')).toMatchObject({ value: { text: 'Lives in Oslo' } });
  expect(await json('hygiene')).toMatchObject({ code: 0, value: { memories: 1, without_evidence: [id] } });
  expect(await json('forget', id)).toMatchObject({ value: { memory: { state: 'forgotten' }, redacted_events: 8 } });
  const { value: log } = await json('log', '--id', id);
  expect((log as { operation: { action: string } }[]).map(({ operation }) => operation.action)).toEqual([
    'forget',
    'restore',
    'merge',
    'edit',
    'contradict',
    'confirm',
    'add_fact',
  ]);
});

test('decay makes faded ones dormant, and restore wakes them', async () => {
  const { json, add, forward } = memoryCli();
  const id = await add('Likes trains');
  forward(60);
  expect(await json('decay')).toMatchObject({ value: { looked_at: 1, dormant: [id] } });
  expect(await json('list', '--state', 'dormant')).toMatchObject({ value: [{ id }] });
  expect(await json('restore', id)).toMatchObject({ value: { state: 'active' } });
});

test('log verify says that the log is whole, and where it is not exits with 1', async () => {
  const { json, add, vault } = memoryCli();
  await add('Likes trains');
  await add('Plays chess');
  expect(await json('log', 'verify')).toMatchObject({ code: 0, value: { ok: true, events: 2, first_broken: null } });
  const folder = join(vault, 'data/memory_events/2026/03/01');
  const file = join(folder, readdirSync(folder)[0] ?? '');
  writeFileSync(file, readFileSync(file, 'utf8').replace('Plays chess', 'Plays cheat'));
  expect(await json('log', 'verify')).toMatchObject({
    code: 1,
    value: { ok: false, first_broken: { event_sequence: 2, line: 2 } },
  });
});

test('proposals come from the person’s messages, and wait for a yes', async () => {
  const { json, call } = memoryCli();
  const message = { id: 'm1', conversation_id: 'c1', role: 'user', content: 'I live in Oslo. Do you?' };
  await call(['insert', 'messages', JSON.stringify(message)]);
  const { value } = await json('extract');
  expect(value).toMatchObject([{ text: 'Lives in Oslo', state: 'proposed', evidence: [{ message_id: 'm1' }] }]);
  const id = (value as { id: string }[])[0]?.id ?? '';
  expect(await json('list')).toEqual({ code: 0, value: [] });
  expect(await json('accept', id)).toMatchObject({ value: { state: 'active' } });
  expect(await json('extract')).toEqual({ code: 0, value: [] });
});

test('beside a running app the app does it, in one chain', async () => {
  const { json, add, vault } = memoryCli(new Date().toISOString());
  await add('Likes trains');
  const app = await createApp({ vaultPath: vault });
  try {
    await add('Plays chess');
    const reply = await app.dispatch('memory.list', {});
    const listed = reply.ok ? (reply.value as { text: string }[]).map(({ text }) => text) : [];
    expect(listed.sort()).toEqual(['Likes trains', 'Plays chess']);
    expect(await app.dispatch('memory.add', { type: 'USER_FACT', text: 'Owns a boat' })).toMatchObject({ ok: true });
    expect(await json('log', 'verify')).toMatchObject({ code: 0, value: { ok: true, events: 3 } });
  } finally {
    await app.close();
  }
});

test('what may be remembered and what may leave is said on the command line, and holds in an export', async () => {
  const { json, add } = memoryCli();
  await add('Write to ann@example.org on 3 March 2020');
  const constrained = await json(
    'constrain',
    '--anonymize-dates',
    'on',
    '--share-with',
    'helper',
    '--delete-after-days',
    '9',
  );
  expect(constrained).toMatchObject({ value: { anonymize_dates: true, share_with: ['helper'], delete_after_days: 9 } });
  const chosen = await json('redaction', '--exports', 'email,badge', '--own', 'badge=B-[0-9]{4}');
  expect(chosen).toMatchObject({ code: 0, value: { exports: ['email', 'badge'], own: [{ name: 'badge' }] } });
  expect(await json('redaction')).toEqual(chosen);
  expect(await json('redaction', '--sync', 'nobody')).toMatchObject({
    code: 1,
    value: { error: { code: 'BAD_INPUT' } },
  });
  expect(await json('export', '--program', 'helper')).toMatchObject({
    value: {
      memories: 1,
      document: { creative_profile: { memorable_facts: [{ fact: 'Write to [email] on March 2020' }] } },
    },
  });
  expect(await json('export', '--program', 'other')).toMatchObject({ value: { memories: 0 } });
  expect((await json('constrain', '--memory', 'perhaps')).code).toBe(2);
  expect((await json('redaction', '--own', 'badge')).code).toBe(2);
});
