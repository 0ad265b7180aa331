/**
 * write-file-atomic asks signal-exit, for each file anew, to be told of the process's end, so that it can remove a
 * temporary file. The first to ask makes that library listen to every signal, and the last to leave makes it stop: half
 * of the time that a small file takes. So one that wants nothing stays with it. proper-lockfile listens in the same way as long
 * as the process lives, so that signals do what they did.
 */
interface ExitEmitter {
  on(event: 'exit', listener: () => void): void;
}

/** Where signal-exit (4.x) keeps what all its copies in a process share. Without it everything works, only slower. */
const SHARED = Symbol.for('signal-exit emitter');

let isHeld = false;

/** From the first call on, who comes and goes finds that somebody listens already. */
export function holdExitHooks(): void {
  if (isHeld) return;
  isHeld = true;
  const emitter = (globalThis as { readonly [SHARED]?: Partial<ExitEmitter> })[SHARED];
  emitter?.on?.('exit', () => undefined);
}
