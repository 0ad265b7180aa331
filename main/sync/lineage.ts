import type { Meta } from '../../shared/store/store.ts';
import type { Base } from './ports.ts';

/** As many earlier revs as a version carries (main/records/meta.ts). */
const LIST_LENGTH = 20;

type Version = Pick<Meta, 'rev' | 'gen' | 'anc' | 'hlc'>;

/**
 * Whether `later` was built on `earlier`, with any number of versions between. Beyond the list's reach the distance in
 * generations must explain why it is not in it.
 */
export function descends(later: Version, earlier: Version | Base): boolean {
  if (later.anc.includes(earlier.rev)) return true;
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
