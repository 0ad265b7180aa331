import { stopFor } from './apply-remote.ts';
import { negotiate, newState, newStore } from './negotiate.ts';
import type { LocalPort, RemoteHello, RemotePort, SyncState } from './ports.ts';
import { commit, Incompatible, type Session } from './session.ts';

type Store = NonNullable<RemoteHello['store']>;

/** What the vault remembers; on the first contact ever the identity of the database, made where there was none. */
export async function firstState(local: LocalPort, remote: RemotePort, newId: () => string): Promise<SyncState> {
  const known = await local.state();
  if (known !== null) return known;
  const { store } = await remote.hello();
  const state = newState(store ?? (await remote.claim(newStore(newId()))));
  await local.commit({ steps: [], state });
  return state;
}

/**
 * Says hello and settles whether this version, this vault and that database go together. Throws NeedsDecision or
 * Incompatible where a person has to do something first.
 */
export async function connect(session: Session): Promise<RemoteHello> {
  const hello = await session.remote.hello();
  const store = hello.store ?? (await claimAgain(session));
  const outcome = negotiate(session.state, store);
  switch (outcome.kind) {
    case 'incompatible':
      throw new Incompatible(outcome.why);
    case 'other-store':
      await join(session, store);
      return connect(session);
    case 'new-epoch':
      await startOver(session, { epoch: store.epoch });
      break;
    case 'fine':
  }
  session.readOnly = new Set(outcome.readOnly);
  session.hidden = new Set(outcome.hidden);
  return hello;
}

/** The database that we know has no identity any more: emptied or dropped. It gets it back once a person has said so. */
async function claimAgain(session: Session): Promise<Store> {
  const { state, remote, local } = session;
  const records = await totalOf(local);
  if (records > 0 && state.decision?.answer === undefined) {
    await stopFor(session, { kind: 'empty-server', collection: null, records });
  }
  return remote.claim(newStore(state.store_id, state.epoch + 1));
}

/** Another database than the one the vault knows: joined when a person wants it, or when there is nothing to lose. */
async function join(session: Session, store: Store): Promise<void> {
  const { decision } = session.state;
  const records = await totalOf(session.local);
  const isWanted = decision?.kind === 'other-store' && decision.answer === 'theirs';
  if (records > 0 && !isWanted) await stopFor(session, { kind: 'other-store', collection: null, records });
  await startOver(session, { ...newState(store), decision });
}

async function startOver(session: Session, state: Partial<SyncState>): Promise<void> {
  await commit(session, { steps: [], state: { ...state, resume_token: null, poll_cursor: null, contents_at: null } });
  session.needsDigest = true;
}

async function totalOf(local: LocalPort): Promise<number> {
  let total = 0;
  for (const collection of local.collections) {
    for (const { n } of (await local.digest(collection, { by: 'month' })).values()) total += n;
  }
  return total;
}
