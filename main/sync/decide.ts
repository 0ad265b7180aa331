import type { StoredRecord } from '../records/stored-record.ts';
import { isRootless } from './foreign.ts';
import { descends, isShort } from './lineage.ts';
import type { LocalState } from './ports.ts';

/**
 * What a version that the server holds means for the vault (reliability.md §3.4).
 *
 * nothing: it is known · clean: it is ours · keep: ours is built on it, or the server went back to it, so ours is to be
 * pushed · take: it is built on ours, or we have none · merge: both changed; `base` is what they grew from, where known ·
 * aside: ours is kept to ourselves.
 *
 * @param isBegunAnew the database may be another one, or set back, since the bases were noted; until everything has been compared
 */
export type Verdict =
  | { readonly kind: 'nothing' | 'clean' | 'keep' | 'take' | 'aside' }
  | { readonly kind: 'merge'; readonly base: StoredRecord | null };

export function decide(state: LocalState, remote: StoredRecord, isBegunAnew = false): Verdict {
  if (state.withheld) return decideWithheld(state, remote);
  const { local } = state;
  const base = state.base?.aside ? null : state.base;
  const { rev, anc } = remote._meta;
  if (local === null) return { kind: base?.rev === rev ? 'nothing' : 'take' };
  if (local._meta.rev === rev) return { kind: base?.rev === rev ? 'nothing' : 'clean' };
  if (base?.rev === rev) return { kind: 'nothing' };
  if (anc.includes(local._meta.rev)) return { kind: 'take' };
  if (local._meta.anc.includes(rev) || base?.anc.includes(rev)) return { kind: 'keep' };
  if (base !== null && isBuiltOn(remote, base, isBegunAnew)) {
    return local._meta.rev === base.rev ? { kind: 'take' } : { kind: 'merge', base: state.baseRecord };
  }
  return { kind: 'merge', base: null };
}

/**
 * Another program that replaced the whole document replaced what stood there: the server's last version, which we know.
 * Unless it says that it is older: then the server was set back to it. Or what we know is of another database.
 */
function isBuiltOn({ _meta }: StoredRecord, base: NonNullable<LocalState['base']>, isBegunAnew: boolean): boolean {
  return descends(_meta, base) || (!isBegunAnew && isRootless(_meta) && isShort(base) && _meta.hlc > base.hlc);
}

/** A withdrawn record is withdrawn again where the server went back; what others have made of it since is theirs. */
function decideWithheld({ local, base }: LocalState, remote: StoredRecord): Verdict {
  const { rev } = remote._meta;
  if (base?.rev === rev) return { kind: 'nothing' };
  if (local?._meta.rev === rev) return { kind: 'clean' };
  return { kind: local?._meta.anc.includes(rev) ? 'keep' : 'aside' };
}
