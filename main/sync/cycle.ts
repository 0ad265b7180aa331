import type { Feed } from './feed.ts';
import { followHistory, poll, pullFeed, retryDue } from './pull.ts';
import { pushCollection, type PushOptions } from './push.ts';
import { type FullReport, reconcileAll } from './reconcile-all.ts';
import { followScope } from './reconcile-scope.ts';
import { collectionsOf, NeedsDecision, type Session } from './session.ts';

export interface CycleOptions extends PushOptions {
  /** Compare everything, also where nothing says that it is needed. */
  readonly digest?: boolean;
  /** And read every document; see FullOptions. */
  readonly contents?: boolean;
  /** Follow the history of changes up to this moment, also where the stream has not come to it yet. */
  readonly history?: boolean;
}

/**
 * One round: what others have changed, what we have, and the proof where it is due. Rounds never overlap. An answer of a
 * person, or lost history, has everything compared before anything is pushed.
 */
export async function runCycle(
  session: Session,
  feed: Feed | null,
  options: CycleOptions = {},
): Promise<FullReport | null> {
  const { decision } = session.state;
  if (decision !== null && decision.answer === undefined) throw new NeedsDecision(decision.kind);
  // Where history begins has to be known before everything is compared, else what changes meanwhile is missed.
  if (feed === null && session.state.poll_cursor === null) await poll(session, options.signal);
  if (session.isOver) return null;
  let report = session.needsDigest || decision !== null ? await reconcileAll(session, options) : null;
  if (feed === null) await poll(session, options.signal);
  else await pullFeed(session, feed);
  if (session.isOver) return report;
  if (options.history === true && feed !== null) await followHistory(session);
  if (session.isOver) return report;
  await followScope(session);
  await retryDue(session);
  for (const collection of collectionsOf(session)) await pushCollection(session, collection, options);
  if ((options.digest === true || options.contents === true) && report === null)
    report = await reconcileAll(session, options);
  return report;
}
