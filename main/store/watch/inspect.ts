import { crc32 } from 'node:zlib';
import type { CollectionTable } from '../collection-table.ts';
import { encodeDocument } from '../encode.ts';
import { layout } from '../layout.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import { absolutePath, isBehind, type Known, knownAt } from './known-files.ts';
import { putFile } from './kept-copy.ts';
import { parseRecord } from '../parse-record.ts';
import { readStable } from './stable-read.ts';
import { takeDocument } from './take-document.ts';
import { takeLog } from './take-log.ts';
import type { Found, TakePort } from './take-port.ts';
import type { DataFile, Expected, Notice, Outcome } from './types.ts';

/** What was found at a path that something happened to. */
export type Finding =
  | Outcome
  /** Being written to: to be looked at again. */
  | { readonly kind: 'busy' }
  /** The index knows it and it is not there. Without its folder that says nothing about the person's wish. */
  | { readonly kind: 'missing'; readonly isFolderThere: boolean }
  | { readonly kind: 'set-aside'; readonly notice: Notice };

/** A record is at most 8 MB of text; indented for people it may be more. Logs have no bound. */
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;

/**
 * Looks at one file and acts on it as reliability.md §4.9 says. Called alone: no other write is under way.
 *
 * @param isFinal the program that writes it had its time: what cannot be a record now is set aside
 */
export async function inspect(port: TakePort, file: DataFile, isFinal: boolean): Promise<Finding> {
  const { fs, root, tables } = port.parts;
  const table = tables.get(file.collection);
  if (table === undefined) return { kind: 'same' };
  const path = absolutePath(root, file.collection, file.path);
  const before = knownAt(table, file.path);
  // Asked for before the file is read: nothing may come between reading and writing.
  const good = await goodVersion(port, table, file, before);
  const known = knownAt(table, file.path);
  const reading = readStable(fs, path, table.definition.kind === 'log' ? Infinity : MAX_DOCUMENT_BYTES);
  switch (reading.kind) {
    case 'gone':
      table.unreadable.delete(file.path);
      return known ? missing(port, file) : { kind: 'same' };
    case 'busy':
      return { kind: 'busy' };
    case 'other':
      return known ? { kind: 'faulty', reason: 'a link or a folder stands where a file should' } : { kind: 'same' };
    case 'large':
      return { kind: 'faulty', reason: 'larger than any record' };
    case 'bytes': {
      const { bytes } = reading;
      table.unreadable.delete(file.path);
      if (known && isAs(bytes, known.expected)) return { kind: 'same' };
      if (known === undefined && (await isLeaving(port, path, bytes))) return { kind: 'same' };
      if (known?.kind === 'document' && known.row.place.pending !== undefined) {
        // It was made from a version before ours: the checkpoint finds both, and they are put together (take-contested.ts).
        await port.settle();
        return { kind: 'same' };
      }
      const found: Found = { table, path: file.path, bytes, good };
      const outcome = await take(port, found, known, isFinal);
      if (outcome.kind !== 'faulty' || !isFinal) return outcome;
      return { kind: 'set-aside', notice: setAside(port, file, found, known, outcome.reason) };
    }
  }
}

/** A record of ours that was deleted a moment ago: the log knows it, and its file is on its way to the trash. */
async function isLeaving({ parts, settle }: TakePort, path: string, bytes: Buffer): Promise<boolean> {
  if (parseRecord(bytes).kind !== 'record') return false;
  await settle();
  return parts.fs.stat(path) === undefined;
}

/** The last good version: what only the log has as yet, or what was kept of the file. */
async function goodVersion(
  { lastGood, settle }: TakePort,
  table: CollectionTable,
  file: DataFile,
  known: Known | undefined,
): Promise<Buffer | undefined> {
  if (known?.kind === 'document' && known.row.place.pending !== undefined) {
    return encodeDocument(JSON.parse(known.row.place.pending) as StoredRecord); // our own text of a record
  }
  if (table.definition.kind === 'log' && isBehind(table, file.path)) await settle();
  return known && lastGood.read(file, known.expected);
}

function take(port: TakePort, found: Found, known: Known | undefined, isFinal: boolean): Promise<Outcome> {
  if (found.table.definition.kind === 'log') return takeLog(port, found, known?.expected, isFinal);
  return takeDocument(port, found, known?.kind === 'document' ? known.row : undefined);
}

function isAs(bytes: Buffer, expected: Expected): boolean {
  return bytes.length === expected.bytes && crc32(bytes) === expected.crc;
}

function missing({ parts }: TakePort, file: DataFile): Finding {
  const day = absolutePath(parts.root, file.collection, file.path.slice(0, 'YYYY/MM/DD'.length));
  return { kind: 'missing', isFolderThere: parts.fs.stat(day)?.kind === 'folder' };
}

/**
 * What cannot be a record goes to the quarantine; the last good version comes back. Where there is none, a file that
 * the index knows stays as it is, with a copy in the quarantine: its bytes may still be put right.
 */
function setAside({ parts }: TakePort, file: DataFile, found: Found, known: Known | undefined, reason: string): Notice {
  const { root, quarantine } = parts;
  const origin = `${layout.data}/${file.collection}/${file.path}`;
  if (known === undefined) quarantine.takeFile(absolutePath(root, file.collection, file.path), origin, reason);
  else quarantine.takeBytes(found.bytes, origin, reason);
  if (known && found.good) putFile(parts, found.table, file.path, found.good);
  return { kind: 'set-aside', file, reason, isRestorable: known === undefined || found.good !== undefined };
}
