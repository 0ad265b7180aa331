import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '../../shared/ipc/reply.ts';
import { bundled } from './bundle.ts';
import { buildChatVault } from './chat-vault.ts';
import type { PageCall } from './page-child.ts';
import { median } from './statistics.ts';

/** What the window waits for across the process boundary; medians in milliseconds. */
export interface PageFigures {
  /** A message there and nothing back. */
  readonly pingMs: number;
  /** Fifty whole messages of a thread, as the window asks for them, another thread each time. */
  readonly documentsMs: number;
  /** Such an answer once more, as a structured clone and nothing else. */
  readonly documentsCloneMs: number;
  /** Fifty rows of the list. */
  readonly rowsMs: number;
  readonly rowsCloneMs: number;
}

const CHATS = 200;
const ROUNDS = 300;

/** The app in a process of its own, asked as the window asks it: two processes, structured clones between them. */
export async function measurePage(folder: string): Promise<PageFigures> {
  await buildChatVault(folder, { conversations: CHATS, messages: 50 });
  const child = fork(await bundled(join(import.meta.dirname, 'page-child.ts')), [folder], {
    serialization: 'advanced',
  });
  try {
    await once(child, 'message');
    return await measure((call) => ask(child, call));
  } finally {
    child.disconnect();
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(child: ChildProcess, call: PageCall): Promise<Reply | null> {
  const answered = once(child, 'message') as Promise<[{ readonly reply: Reply | null }]>;
  child.send(call);
  const [{ reply }] = await answered;
  if (reply?.ok === false) throw new Error(reply.error.message);
  return reply;
}

/** Calls and clones in turns, so that a noisy moment falls on all of them. */
async function measure(send: (call: PageCall) => Promise<Reply | null>): Promise<PageFigures> {
  const thread = (at: number): PageCall => ({
    method: 'conversations.thread',
    input: { id: `chat-${at % CHATS}`, limit: 50 },
  });
  const list: PageCall = { method: 'conversations.list', input: { view: 'active', offset: 0, limit: 50 } };
  const calls: Readonly<Record<keyof PageFigures, (at: number) => PageCall>> = {
    pingMs: () => 'ping',
    documentsMs: thread,
    documentsCloneMs: () => ({ clone: 'conversations.thread' }),
    rowsMs: () => list,
    rowsCloneMs: () => ({ clone: 'conversations.list' }),
  };
  const samples = Object.fromEntries(Object.keys(calls).map((name) => [name, [] as number[]]));
  for (let at = 0; at < ROUNDS; at += 1) {
    for (const [name, callOf] of Object.entries(calls)) {
      const started = performance.now();
      await send(callOf(at));
      // The first third is being compiled, and files are read for the first time.
      if (at * 3 >= ROUNDS) samples[name]?.push(performance.now() - started);
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, median(all)])) as Record<
    keyof PageFigures,
    number
  >; // the names are those of `calls`
}
