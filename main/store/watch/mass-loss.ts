/**
 * A person deletes a file or a few. More than 20 at once, or more than a fifth of all, is rather a sync program, a
 * wrong checkout or a disk in trouble: then nothing is deleted before the person says so. Below 5 files the fifth does
 * not count: one of three is just one.
 */
export function isMassLoss(missing: number, all: number): boolean {
  return missing > 20 || (missing >= 5 && missing * 5 > all);
}
