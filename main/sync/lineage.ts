import type { Meta } from '../../shared/store/store.ts';
import type { Base } from './ports.ts';

/** As many earlier revs as a version carries (main/records/meta.ts). */
const LIST_LENGTH = 20;

type Version = Pick<Meta, 'rev' | 'gen' | 'anc' | 'hlc'>;

/**
 * Whether `later` was built on `earlier`, with any number of versions between. Beyond the list's reach the distance in
 * generations must explain why it is not in it (see `isFarther`).
 */
export function descends(later: Version, earlier: Version | Base): boolean {
  return namesAncestor(later, earlier) || isFarther(later, earlier);
}

/** `later` says itself that it was built on `earlier`: proof. */
export function namesAncestor(later: Version, earlier: Version | Base): boolean {
  return later.anc.includes(earlier.rev);
}

/**
 * `later` has so many generations more that its list cannot name `earlier`: no proof, but the only explanation as long as the
 * server's line of versions (I3) has `earlier` in it. It has not where the server was set back: somebody else's twenty-one
 * edits from before `earlier` look the same, and its value would be lost. Only for who knows that nothing went back.
 */
export function isFarther(later: Version, earlier: Version | Base): boolean {
  const distance = later.gen - earlier.gen;
  return distance > LIST_LENGTH && later.anc.length >= LIST_LENGTH && later.hlc > earlier.hlc;
}

/** Whether all of a version's history fits into a list. */
export function isShort({ gen }: { readonly gen: number }): boolean {
  return gen <= LIST_LENGTH;
}

/** Which of two concurrent versions is shown where both cannot be: the later stamp, which also names its replica; then the rev. */
export function isLater(a: Meta, b: Meta): boolean {
  return a.hlc === b.hlc ? a.rev > b.rev : a.hlc > b.hlc;
}
