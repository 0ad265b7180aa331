import type { ChangedRef, RemotePort } from './ports.ts';

/** What a change stream has said since it was last asked. */
export interface Heard {
  readonly refs: readonly ChangedRef[];
  /** Everything up to here is in `refs`; null: nothing new. */
  readonly token: string | null;
  /** Why history was lost; the stream has ended. */
  readonly lost: string | null;
  /** What ended the stream otherwise. */
  readonly trouble: Error | null;
}

/** Reads a change stream in the background, so that it can be asked without waiting. */
export interface Feed {
  take(): Heard;
  /** Resolves when there is something to take, at once where there is. */
  ready(): Promise<void>;
  /** Whether the stream has said where it begins or has been given a token: what happens from now on is heard. */
  readonly opened: Promise<void>;
  stop(): void;
}

/** More than this is not read ahead: the token stays behind, and the rest comes later. */
const MAX_WAITING = 5_000;

export function openFeed(remote: RemotePort, token: string | null): Feed {
  const ended = new AbortController();
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let refs: ChangedRef[] = [];
  let latest: string | null = null;
  let lost: string | null = null;
  let trouble: Error | null = null;
  let wake: (() => void)[] = [];
  let drained: (() => void) | null = null;
  const tell = (): void => {
    for (const one of wake) one();
    wake = [];
  };
  async function read(): Promise<void> {
    for await (const event of remote.watch(token, ended.signal)) {
      if (event.kind === 'lost') {
        lost = event.reason;
        return;
      }
      latest = event.token;
      open();
      if (event.kind === 'changed') {
        refs.push(...event.refs);
        tell();
        if (refs.length >= MAX_WAITING) await new Promise<void>((resolve) => (drained = resolve));
      }
      if (ended.signal.aborted) return;
    }
  }
  if (token !== null) open();
  void read()
    .catch((error: unknown) => {
      if (!ended.signal.aborted) trouble = error instanceof Error ? error : new Error(String(error));
    })
    .finally(() => {
      open();
      tell();
    });
  return {
    take() {
      const heard: Heard = { refs, token: latest, lost, trouble };
      refs = [];
      latest = null;
      drained?.();
      drained = null;
      return heard;
    },
    ready: () => {
      if (refs.length > 0 || lost !== null || trouble !== null || ended.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => wake.push(resolve));
    },
    opened,
    stop() {
      ended.abort();
      drained?.();
      tell();
    },
  };
}
