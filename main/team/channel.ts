import { toAppError } from '../../shared/errors.ts';
import { errorData, errorFromData, type Reply } from '../../shared/ipc/reply.ts';

/** One end of a pair of message ports: a Worker, its parentPort, a MessagePort. */
export interface Endpoint {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

// oxlint-disable-next-line typescript/no-explicit-any -- any function, of whatever arguments
export type Served = Readonly<Record<string, (...args: any[]) => unknown>>;
type Answered<T> =
  T extends AsyncIterable<infer Item>
    ? AsyncIterable<Item>
    : T extends Promise<infer Value>
      ? Promise<Value>
      : Promise<T>;
/** The other end's functions, as they look from here. */
export type Far<S> = {
  readonly [K in keyof S]: S[K] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Answered<Result>
    : never;
};

export interface Channel {
  /** A function of the other end that gives one value. */
  ask(method: string, ...args: readonly unknown[]): Promise<unknown>;
  /** A function of the other end that gives an async iterable; one item travels at a time. */
  stream(method: string, ...args: readonly unknown[]): AsyncIterable<unknown>;
  /** Everything that is still asked is refused with this. */
  end(error: unknown): void;
}

type Message =
  | { readonly type: 'ask'; readonly number: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly type: 'open'; readonly number: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly type: 'next'; readonly number: number; readonly of: number }
  | { readonly type: 'return'; readonly number: number; readonly of: number }
  | { readonly type: 'answer'; readonly number: number; readonly reply: Reply };

/**
 * Calls in both directions between two threads: arguments and answers are copied, errors cross as data. Functions that
 * give an async iterable are read from afar one item at a time, so that nothing piles up.
 */
export function createChannel(endpoint: Endpoint, served: Served): Channel {
  const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const opened = new Map<number, AsyncIterator<unknown>>();
  let last = 0;
  let ended: { readonly error: unknown } | undefined;

  const request = (build: (number: number) => Message): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended.error);
      last += 1;
      asked.set(last, { resolve, reject });
      endpoint.postMessage(build(last));
    });

  async function serve(message: Exclude<Message, { type: 'answer' }>): Promise<unknown> {
    if (message.type === 'next') return (await opened.get(message.of)?.next()) ?? { done: true, value: undefined };
    if (message.type === 'return') {
      const iterator = opened.get(message.of);
      opened.delete(message.of);
      await iterator?.return?.();
      return null;
    }
    const work = served[message.method];
    if (!work) throw new Error(`the other thread asked for ${message.method}, which is not served`);
    const result = work(...message.args);
    if (message.type === 'ask') return (await result) ?? null;
    opened.set(message.number, (result as AsyncIterable<unknown>)[Symbol.asyncIterator]());
    return null;
  }

  endpoint.on('message', (data) => {
    const message = data as Message; // the other end runs this very code
    if (message.type !== 'answer') return void respond(message);
    const waiting = asked.get(message.number);
    asked.delete(message.number);
    if (message.reply.ok) waiting?.resolve(message.reply.value);
    else waiting?.reject(errorFromData(message.reply.error));
  });

  async function respond(message: Exclude<Message, { type: 'answer' }>): Promise<void> {
    const { number } = message;
    const reply: Reply = await serve(message).then(
      (value) => ({ ok: true as const, value }),
      (error: unknown) => ({ ok: false as const, error: errorData(toAppError(error)) }),
    );
    endpoint.postMessage({ type: 'answer', number, reply } satisfies Message);
  }

  async function* stream(method: string, args: readonly unknown[]): AsyncGenerator<unknown> {
    const number = last + 1;
    await request((of) => ({ type: 'open', number: of, method, args }));
    try {
      for (;;) {
        const step = (await request((next) => ({ type: 'next', number: next, of: number }))) as IteratorResult<unknown>;
        if (step.done) return;
        yield step.value;
      }
    } finally {
      if (!ended) await request((next) => ({ type: 'return', number: next, of: number }));
    }
  }

  return {
    ask: (method, ...args) => request((number) => ({ type: 'ask', number, method, args })),
    stream: (method, ...args) => stream(method, args),
    end(error) {
      ended = { error };
      for (const { reject } of asked.values()) reject(error);
      asked.clear();
    },
  };
}

/** The other end's functions by name; those in `streams` give async iterables. */
export function far<S>(channel: Channel, streams: readonly (keyof S & string)[] = []): Far<S> {
  const functions = new Map<string, unknown>();
  const make = (method: string): unknown =>
    streams.includes(method as keyof S & string)
      ? (...args: readonly unknown[]) => channel.stream(method, ...args)
      : (...args: readonly unknown[]) => channel.ask(method, ...args);
  return new Proxy({} as Far<S>, {
    get(_target, name) {
      // A proxy that looks like a promise would be awaited.
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (!functions.has(name)) functions.set(name, make(name));
      return functions.get(name);
    },
  });
}
