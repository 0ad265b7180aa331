/** Work for when nothing has happened for a while. Keeps no process alive. */
export interface IdleTimer {
  /** Begins the while anew. Called for every write, so it makes no timer where there is one already. */
  restart(ms: number): void;
  stop(): void;
}

export function createIdleTimer(work: () => void): IdleTimer {
  let timer: NodeJS.Timeout | undefined;
  let setFor = 0;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    restart(ms) {
      if (timer !== undefined && setFor === ms) return void timer.refresh();
      stop();
      setFor = ms;
      timer = setTimeout(work, ms);
      timer.unref();
    },
    stop,
  };
}
