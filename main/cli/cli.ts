import { text } from 'node:stream/consumers';
import { systemClock } from '../lib/clock.ts';
import { run } from './run.ts';

/** The command line as a process of its own: `node main/cli/cli.ts`, or what it was built to. */
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time without waiting: the vault is safe on an abrupt end too.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}
// `almanac find … | head` closes the pipe before the end; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => void process.stdout.write(line),
  note: (line) => void process.stderr.write(line),
  isWatched: process.stderr.isTTY,
  readInput: () => text(process.stdin),
  clock: systemClock,
  signal: interruption.signal,
});
