/** Holds writes back while the machine goes to sleep. */
export interface WriteGate {
  close(): void;
  open(): void;
  readonly isClosed: boolean;
  /** Resolves once it is open. */
  opened(): Promise<void>;
}

/** A wake that nobody told us of must not hold writes for ever. The timer stands still while the machine sleeps. */
const LONGEST_MS = 30_000;

export function createWriteGate(onOverdue: () => void): WriteGate {
  let closed: { readonly opened: Promise<void>; readonly open: () => void; readonly timer: NodeJS.Timeout } | null =
    null;
  return {
    close() {
      if (closed) return;
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      const timer = setTimeout(onOverdue, LONGEST_MS);
      timer.unref();
      closed = { opened, open, timer };
    },
    open() {
      if (!closed) return;
      clearTimeout(closed.timer);
      closed.open();
      closed = null;
    },
    get isClosed() {
      return closed !== null;
    },
    opened: async () => closed?.opened,
  };
}
