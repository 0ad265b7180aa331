import { crc32 } from 'node:zlib';

/** Which of the files are verified next: `_verified.json` says which part of them was last. */
export const VERIFIED = 'verified';

const PARTS = 30;

/** @param saved what that file holds; anything else begins anew */
export function nextPart(saved: unknown): number {
  const last = typeof saved === 'object' && saved !== null && 'part' in saved ? Number(saved.part) : Number.NaN;
  return Number.isSafeInteger(last) && last >= 0 ? (last + 1) % PARTS : 0;
}

/** A path belongs to the same part for ever, however many files come and go. */
export function isInPart(part: number): (path: string) => boolean {
  return (path) => crc32(path) % PARTS === part;
}
