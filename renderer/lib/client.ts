import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Bridge, OfferedFile } from '../../shared/ipc/bridge.ts';
import {
  events,
  methods,
  type EventName,
  type Input,
  type MethodName,
  type Output,
  type Payload,
} from '../../shared/ipc/contract.ts';
import { errorFromData, Reply } from '../../shared/ipc/reply.ts';

/** The page's typed way to main. Everything that comes back is parsed; every failure is an AppError. */
export interface Client {
  readonly host: Bridge['host'];
  /** Rejects with the AppError that main answered, or INTERNAL where the answer breaks the contract. */
  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>>;
  /** Calls the listener for each event until the returned function is called. */
  on<E extends EventName>(event: E, listener: (payload: Payload<E>) => void): () => void;
  /** Hands a dropped or picked file to main; `onProgress` counts bytes. */
  offerFile(file: File, onProgress?: (done: number, total: number) => void): Promise<OfferedFile>;
}

const Offered = z.object({ handle: z.string(), name: z.string() });

export function createClient(bridge: Bridge<File>): Client {
  return {
    host: bridge.host,
    call: async <M extends MethodName>(method: M, input: Input<M>) => {
      const reply = await bridge.invoke(method, input);
      // The cast is the definition of Output<M>, which TypeScript does not follow through the lookup.
      return open(methods[method].output, reply, method) as Output<M>;
    },
    on: (event, listener) =>
      bridge.subscribe(event, (payload) => {
        const parsed = events[event].safeParse(payload);
        // A payload that breaks the contract is dropped: events are hints, and every screen can ask again.
        // The cast: as above, for Payload<E>.
        if (parsed.success) listener(parsed.data as Payload<typeof event>);
      }),
    offerFile: async (file, onProgress) => open(Offered, await bridge.offerFile(file, onProgress), file.name),
  };
}

/** Takes the value out of a reply, or throws the error in it. */
function open<S extends z.ZodType>(schema: S, raw: unknown, what: string): z.output<S> {
  const reply = Reply.safeParse(raw);
  if (!reply.success) throw brokenContract(what, reply.error);
  if (!reply.data.ok) throw errorFromData(reply.data.error);
  const value = schema.safeParse(reply.data.value);
  if (!value.success) throw brokenContract(what, value.error);
  return value.data;
}

function brokenContract(what: string, cause: unknown): AppError {
  return new AppError('INTERNAL', `The answer to ${what} is not in the shape that was agreed.`, {
    remedy:
      'Close Almanac and start it again; if it stays so, the two halves are of different versions: install again.',
    cause,
  });
}
