import { AppError, toAppError } from '../../shared/errors.ts';
import { type RemotePort, RemoteTrouble } from '../sync/ports.ts';
import { NEEDS_A_PERSON } from './trouble-of.ts';

/**
 * A remote port that connects when it is first asked, and again after that failed: the driver mends a connection that
 * once stood, not one that never did.
 */
export function lazyRemote(open: () => Promise<RemotePort>): RemotePort {
  let opening: Promise<RemotePort> | undefined;

  async function port(): Promise<RemotePort> {
    opening ??= open();
    try {
      return await opening;
    } catch (thrown) {
      opening = undefined;
      const cause = toAppError(thrown);
      throw new RemoteTrouble(NEEDS_A_PERSON.has(cause.code) ? 'auth' : 'transient', cause.message, { cause });
    }
  }

  return {
    hello: async () => (await port()).hello(),
    claim: async (store) => (await port()).claim(store),
    read: async (...args) => (await port()).read(...args),
    readSome: async (...args) => (await port()).readSome(...args),
    revs: async (...args) => (await port()).revs(...args),
    push: async (...args) => (await port()).push(...args),
    adopt: async (...args) => (await port()).adopt(...args),
    digest: async (...args) => (await port()).digest(...args),
    totals: async (collections) => (await port()).totals(collections),
    listKept: async (...args) => (await port()).listKept(...args),
    list: async (...args) => (await port()).list(...args),
    async *listForeign(collection) {
      yield* (await port()).listForeign(collection);
    },
    count: async (collection) => (await port()).count(collection),
    history: async (token) => (await port()).history(token),
    poll: async (cursor) => (await port()).poll(cursor),
    async *scan(collection) {
      yield* (await port()).scan(collection);
    },
    async *watch(token, signal) {
      yield* (await port()).watch(token, signal);
    },
    async close() {
      const opened = opening;
      opening = Promise.reject(new AppError('VAULT_CLOSED', 'The connection is closed.', { remedy: 'Open it again.' }));
      opening.catch(() => undefined);
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
