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
  return new Gate(onOverdue);
}

class Gate implements WriteGate {
  readonly #onOverdue: () => void;
  #closed: { readonly opened: Promise<void>; readonly open: () => void; readonly timer: NodeJS.Timeout } | null = null;

  constructor(onOverdue: () => void) {
    this.#onOverdue = onOverdue;
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  close(): void {
    if (this.#closed) return;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const timer = setTimeout(this.#onOverdue, LONGEST_MS);
    timer.unref();
    this.#closed = { opened, open, timer };
  }

  open(): void {
    if (!this.#closed) return;
    clearTimeout(this.#closed.timer);
    this.#closed.open();
    this.#closed = null;
  }

  async opened(): Promise<void> {
    await this.#closed?.opened;
  }
}
