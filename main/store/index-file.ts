import { join } from 'node:path';
import type { CollectionTable } from './collection-table.ts';
import { dayFolders } from './day-folders.ts';
import { durableWriteParts } from './durable-write.ts';
import type { FsPort } from './fs-port.ts';
import { indexItems } from './index-items.ts';
import { collectionFolder, layout } from './layout.ts';
import { readBuffer } from './read-buffer.ts';
import { type Snapshot, ROWS_WORTH_A_SNAPSHOT, readSnapshot, snapshotParts, snapshotPath } from './row-snapshot.ts';
import type { TimeSlices } from './time-slices.ts';

/**
 * `_index.json`: a snapshot of a collection's rows in the format of seed 001 (version 1: items by id with path and
 * dates), plus what Almanac needs to trust it. Derived: it can be deleted at any time. One line for the header, one for
 * each item, one for the end: however large it is, only a piece of it is ever in memory.
 */
const VERSION = 1;

export interface IndexHeader {
  readonly version: typeof VERSION;
  readonly updated_at: string;
  /** The row fields that items hold; a registry that wants others makes the index worthless. */
  readonly fields: readonly string[];
  /** When each day folder had last changed, so that what happened to it since is seen. */
  readonly folders: Readonly<Record<string, number>>;
  /** Latest logical time among the records. */
  readonly hlc: string;
  /** Records in it, so that memory is made ready for them. */
  readonly count: number;
}

export interface SavedIndex {
  readonly updatedAt: string;
  readonly hlc: string;
  readonly count: number;
  readonly folders: ReadonlyMap<string, number>;
  /** Key and item, in pieces; throws where the file is damaged. Or all rows at once, where a snapshot has them. */
  readonly items: Iterable<readonly (readonly [string, unknown])[]> | Snapshot['fill'];
}

export function indexPath(root: string, table: CollectionTable): string {
  return join(collectionFolder(root, table.name), layout.index);
}

export async function writeIndexFile(
  { fs, root, slices }: { readonly fs: FsPort; readonly root: string; readonly slices: TimeSlices },
  table: CollectionTable,
  stamp: { readonly updatedAt: string; readonly hlc: string },
): Promise<void> {
  const folders: Record<string, number> = {};
  // Days with a file that could not be read are left out, so that the next opening looks at them again.
  const doubtful = new Set([...table.unreadable.keys()].map((file) => file.slice(0, 'YYYY/MM/DD'.length)));
  for (const { day, modifiedMs } of dayFolders(fs, collectionFolder(root, table.name))) {
    if (!doubtful.has(day)) folders[day] = modifiedMs;
  }
  const header: IndexHeader = {
    version: VERSION,
    updated_at: stamp.updatedAt,
    fields: table.shape.paths,
    folders,
    hlc: stamp.hlc,
    count: table.rows.size,
  };
  const path = indexPath(root, table);
  const beside = snapshotPath(root, table);
  // Away first: no snapshot ever stands beside an index that it was not written with.
  if (fs.stat(beside) !== undefined) fs.unlink(beside);
  await durableWriteParts(fs, root, path, textOf(header, table), () => slices.pause());
  const { documentRows } = table;
  const written = fs.stat(path);
  if (documentRows === undefined || documentRows.size < ROWS_WORTH_A_SNAPSHOT || written === undefined) return;
  await durableWriteParts(fs, root, beside, snapshotParts(documentRows, header, written), () => slices.pause());
}

function* textOf(header: IndexHeader, table: CollectionTable): Generator<string, void> {
  yield `${JSON.stringify(header).slice(0, -1)}${ITEMS}`;
  let end = '\n';
  for (const [key, item] of indexItems(table)) {
    yield `${end}${JSON.stringify(key)}:${JSON.stringify(item)}`;
    end = ',\n';
  }
  yield `\n${END}\n`;
}

const ITEMS = ',"items":{';
const END = '}}';

/** The saved index; undefined when there is none that can be used. */
export function readIndexFile(fs: FsPort, root: string, table: CollectionTable): SavedIndex | undefined {
  try {
    if (fs.stat(indexPath(root, table))?.kind !== 'file') return undefined;
    const snapshot = readSnapshot(fs, root, table, indexPath(root, table));
    if (snapshot) return savedIndex(snapshot.header, snapshot.fill);
    const pieces = piecesOf(fs, indexPath(root, table));
    const first = pieces.next();
    if (first.done) return undefined;
    const headerEnd = first.value.indexOf('\n');
    const head = first.value.slice(0, headerEnd);
    if (!head.endsWith(ITEMS)) return undefined;
    const saved = JSON.parse(`${head}${END}`) as IndexHeader;
    // Anything that is not as we write it makes what follows throw or differ, and the files are read instead.
    if (saved.version !== VERSION || saved.fields.join() !== table.shape.paths.join()) return undefined;
    return savedIndex(saved, itemsOf(first.value.slice(headerEnd + 1), pieces));
  } catch {
    return undefined;
  }
}

function savedIndex(header: IndexHeader, items: SavedIndex['items']): SavedIndex {
  const { updated_at: updatedAt, hlc, count, folders } = header;
  return { updatedAt, hlc, count, folders: new Map(Object.entries(folders)), items };
}

function* itemsOf(first: string, others: Iterable<string>): Generator<readonly (readonly [string, unknown])[], void> {
  let isEnded = yield* parsed(first);
  for (const piece of others) {
    if (isEnded) throw new Error('there is more behind the end');
    isEnded = yield* parsed(piece);
  }
  if (!isEnded) throw new Error('the end is missing');
}

/** A piece is whole lines: members of an object, the last of all followed by the end. */
function* parsed(piece: string): Generator<readonly (readonly [string, unknown])[], boolean> {
  const lines = piece.trimEnd();
  const isEnd = lines === END || lines.endsWith(`\n${END}`);
  const members = (isEnd ? lines.slice(0, -END.length) : lines).trimEnd().replace(/,$/, '');
  if (members !== '') yield Object.entries(JSON.parse(`{${members}}`) as Record<string, unknown>);
  return isEnd;
}

const PIECE_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

/** The file's text in pieces of whole lines. */
function* piecesOf(fs: FsPort, path: string): Generator<string, void> {
  const buffer = readBuffer(fs, path, PIECE_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  for (let offset = 0; ;) {
    const chunk = fs.readRange(path, offset, buffer.length, buffer);
    if (chunk.length === 0) break;
    offset += chunk.length;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) rest = Buffer.concat([rest, chunk]);
    else {
      yield Buffer.concat([rest, chunk.subarray(0, end)]).toString('utf8');
      rest = Buffer.from(chunk.subarray(end));
    }
  }
  if (rest.length > 0) yield rest.toString('utf8');
}
