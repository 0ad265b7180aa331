/**
 * The app behind a process boundary, for `page.ts`: `page-child.ts VAULT`, forked with structured clones between the two. A message is
 * either `{ method, input }`, answered as the window's calls are, or `{ clone: method }`: the last answer of that method once
 * more, with nothing looked up or checked, which is what the boundary alone costs; or a ping, answered with nothing.
 */
import { createApp } from '../../main/app/create-app.ts';
import type { Reply } from '../../shared/ipc/reply.ts';

export type PageCall = { readonly method: string; readonly input: unknown } | { readonly clone: string } | 'ping';

const app = await createApp({ vaultPath: process.argv[2] ?? '' });
const last = new Map<string, Reply>();

async function answer(call: PageCall): Promise<Reply | null> {
  if (call === 'ping') return null;
  if ('clone' in call) return last.get(call.clone) ?? null;
  const reply = await app.dispatch(call.method, call.input);
  last.set(call.method, reply);
  return reply;
}

process.on('message', (call: PageCall) => void answer(call).then((reply) => process.send?.({ reply })));
process.on('disconnect', () => void app.close());
process.send?.({ reply: null });
