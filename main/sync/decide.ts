import type { StoredRecord } from '../records/stored-record.ts';
import { isRootless, OTHER_PROGRAM } from './foreign.ts';
import { isFarther, isShort, namesAncestor } from './lineage.ts';
import type { LocalState } from './ports.ts';

/** What of the past can be relied on. */
export interface Past {
  /** The database may be another one, or set back, since the bases were noted; until everything has been compared. */
  readonly isBegunAnew: boolean;
  /** The server's history of changes goes on from where we left it: it has not gone back. */
  readonly isUnbroken: boolean;
  /** This copy of the vault, as in `_meta.by`. */
  readonly replica: string;
}

/**
 * What a version that the server holds means for the vault (reliability.md §3.4).
 *
 * nothing: it is known · clean: it is ours · keep: ours is built on it, or the server went back to it, so ours is to be
 * pushed · take: it is built on ours, or we have none · merge: both changed; `base` is what they grew from, where known ·
 * aside: ours is kept to ourselves.
 */
export type Verdict =
  | { readonly kind: 'nothing' | 'clean' | 'keep' | 'take' | 'aside' }
  | { readonly kind: 'merge'; readonly base: StoredRecord | null };

export function decide(state: LocalState, remote: StoredRecord, past: Past): Verdict {
  if (state.withheld) return decideWithheld(state, remote);
  const { local } = state;
  const base = state.base?.aside ? null : state.base;
  const { rev, anc } = remote._meta;
  if (local === null) return { kind: base?.rev === rev ? 'nothing' : 'take' };
  if (local._meta.rev === rev) return { kind: base?.rev === rev ? 'nothing' : 'clean' };
  if (base?.rev === rev) return { kind: 'nothing' };
  if (anc.includes(local._meta.rev)) return { kind: 'take' };
  if (local._meta.anc.includes(rev) || base?.anc.includes(rev)) return { kind: 'keep' };
  const isClean = local._meta.rev === base?.rev;
  if (base !== null && isBuiltOn(remote, base, past)) {
    return isClean ? { kind: 'take' } : { kind: 'merge', base: state.baseRecord };
  }
  if (isClean && isFarther(remote._meta, base) && isKeptByAnother(local, past)) return { kind: 'take' };
  return { kind: 'merge', base: null };
}

/**
 * Another program that replaced the whole document replaced what stood there: the server's last version, which we know.
 * Unless it says that it is older: then the server was set back to it. Or what we know is of another database.
 */
function isBuiltOn(
  { _meta }: StoredRecord,
  base: NonNullable<LocalState['base']>,
  { isBegunAnew, isUnbroken }: Past,
): boolean {
  if (namesAncestor(_meta, base)) return true;
  if (isBegunAnew) return false;
  return (isUnbroken && isFarther(_meta, base)) || (isRootless(_meta) && isShort(base) && _meta.hlc > base.hlc);
}

/** Whoever wrote it still has it, and sees to it that it is not lost; of what other programs wrote everybody does. */
function isKeptByAnother({ _meta: { by } }: StoredRecord, { replica }: Past): boolean {
  return by.replica !== replica && by.replica !== OTHER_PROGRAM;
}

/** A withdrawn record is withdrawn again where the server went back; what others have made of it since is theirs. */
function decideWithheld({ local, base }: LocalState, remote: StoredRecord): Verdict {
  const { rev } = remote._meta;
  if (base?.rev === rev) return { kind: 'nothing' };
  if (local?._meta.rev === rev) return { kind: 'clean' };
  return { kind: local?._meta.anc.includes(rev) ? 'keep' : 'aside' };
}
