import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { durableWrite } from '../store/durable-write.ts';
import { nodeFs } from '../store/node-fs.ts';
import { Door } from './protocol.ts';

const FILE = '_socket.json';

/** Says in the vault where its owner can be reached. The file is 0600, like every file of a vault. */
export function writeDoor(root: string, door: Door): void {
  durableWrite(nodeFs, root, join(root, FILE), Buffer.from(`${JSON.stringify(door, null, 2)}\n`));
}

/** What stands in the vault; undefined where there is nothing that can be used. Its owner may be dead all the same. */
export function readDoor(root: string): Door | undefined {
  try {
    return Door.parse(JSON.parse(readFileSync(join(root, FILE), 'utf8')));
  } catch {
    return undefined; // absent, half written, or of another version: nobody can be asked
  }
}

/** Only one's own: a late close must not remove the file of the next owner. */
export function removeDoor(root: string, token: string): void {
  if (readDoor(root)?.token === token) unlinkSync(join(root, FILE));
}

/** Takes the same time wherever they differ, so that answers cannot be used to guess a token. */
export function isSameToken(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
