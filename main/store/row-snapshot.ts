import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { CollectionTable } from './collection-table.ts';
import type { DocumentRows } from './document-rows.ts';
import type { FsPort } from './fs-port.ts';
import type { IndexHeader } from './index-file.ts';
import { collectionFolder, layout } from './layout.ts';
import { type BlockArrays, RowBlock } from './row-block.ts';
import { RowColumn } from './row-column.ts';
import { RowHeap } from './row-heap.ts';
import type { Row } from './row.ts';

/**
 * `_rows.bin`: what `_index.json` says of a document collection once more, as memory has it: opening reads it in one go
 * and parses no row. One line of JSON, then the columns' bytes. It counts only beside the very `_index.json` that it was
 * written with (size and time) and with its checksum right; in any other case, or where it is deleted, that is read.
 */
const FORMAT = 1;
/** With fewer rows reading the index is as quick. */
export const ROWS_WORTH_A_SNAPSHOT = 1_000;
const ALIGNMENT = 8;
const NEWLINE = 0x0a;

interface SnapshotHeader {
  readonly format: typeof FORMAT;
  /** Columns are written as this machine has them. */
  readonly byteOrder: string;
  readonly index: IndexHeader;
  /** Of `_index.json` beside it. */
  readonly beside: { readonly size: number; readonly modifiedMs: number };
  readonly columns: readonly (readonly [field: string, values: readonly unknown[], heapCells: number])[];
  /** Rows, bytes of the heap, and the columns that there are. */
  readonly blocks: readonly (readonly [used: number, heap: number, columns: readonly number[]])[];
  /** Rows that columns do not hold. */
  readonly others: readonly Row[];
  readonly bytes: number;
  readonly crc: number;
}

export interface Snapshot {
  readonly header: IndexHeader;
  /** Puts all rows into the table. Throws where they are not what they should be. */
  readonly fill: (table: CollectionTable) => void;
}

export function snapshotPath(root: string, table: CollectionTable): string {
  return join(collectionFolder(root, table.name), layout.rows);
}

/** A snapshot in parts, to be written beside the index file that has just been. */
export function* snapshotParts(
  rows: DocumentRows,
  index: IndexHeader,
  beside: SnapshotHeader['beside'],
): Generator<Uint8Array, void> {
  const parts = rows.blocks.flatMap((block) => [...blockParts(block)]);
  const header: SnapshotHeader = {
    format: FORMAT,
    byteOrder: BYTE_ORDER,
    index,
    beside,
    columns: [...rows.columns.values()].map(({ field, values, heapCells }) => [field, values, heapCells]),
    blocks: rows.blocks.map(({ used, heap, cells }) => [
      used,
      heap.bytes.length,
      [...cells.keys()].filter((at) => cells[at]),
    ]),
    others: [...rows.loose()].flatMap(({ row: { view, place } }) => {
      const { pending: _, ...settled } = place;
      // What only the log holds is not in the files yet; the log brings it back.
      return place.length === 0 ? [] : [{ view, place: settled }];
    }),
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    crc: parts.reduce((crc, part) => crc32(part, crc), 0),
  };
  yield padded(Buffer.from(JSON.stringify(header)));
  yield* parts;
}

/** Column by column, each beginning at a multiple of eight bytes. */
function* blockParts({
  used,
  ids,
  created,
  updated,
  lengths,
  crcs,
  cells,
  heap,
}: RowBlock): Generator<Uint8Array, void> {
  const columns = [created, updated, ids, lengths, crcs, ...cells.filter((column) => column !== undefined)];
  for (const column of columns) {
    const bytes = Buffer.from(column.buffer, column.byteOffset, used * column.BYTES_PER_ELEMENT);
    yield bytes;
    yield Buffer.alloc(-bytes.length & (ALIGNMENT - 1));
  }
  yield heap.bytes;
  yield Buffer.alloc(-heap.bytes.length & (ALIGNMENT - 1));
}

/** With spaces and a line's end up to a multiple of eight. */
function padded(text: Buffer): Buffer {
  const bytes = Buffer.alloc(Math.ceil((text.length + 1) / ALIGNMENT) * ALIGNMENT, ' ');
  text.copy(bytes);
  bytes[bytes.length - 1] = NEWLINE;
  return bytes;
}

const BYTE_ORDER = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';

/** The snapshot beside this index file; undefined where there is none that can be believed. */
export function readSnapshot(
  fs: FsPort,
  root: string,
  table: CollectionTable,
  indexPath: string,
): Snapshot | undefined {
  if (table.documentRows === undefined) return undefined;
  const path = snapshotPath(root, table);
  try {
    if (fs.stat(path)?.kind !== 'file') return undefined;
    const index = fs.stat(indexPath);
    const bytes = aligned(fs.readFile(path));
    const end = bytes.indexOf(NEWLINE) + 1;
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as SnapshotHeader;
    const content = bytes.subarray(end);
    const isWhole =
      header.format === FORMAT &&
      header.byteOrder === BYTE_ORDER &&
      header.index.fields.join() === table.shape.paths.join() &&
      header.beside.size === index?.size &&
      header.beside.modifiedMs === index.modifiedMs &&
      header.bytes === content.length &&
      header.crc === crc32(content);
    return isWhole ? { header: header.index, fill: (into) => fill(into, header, content) } : undefined;
  } catch {
    return undefined;
  }
}

/** Typed arrays look into a buffer at multiples of eight only. */
function aligned(bytes: Buffer): Buffer {
  return bytes.byteOffset % ALIGNMENT === 0 ? bytes : Buffer.from(Uint8Array.from(bytes).buffer);
}

function fill(table: CollectionTable, header: SnapshotHeader, content: Buffer): void {
  const columns = header.columns.map(([field, values, heapCells], number) => {
    const column = new RowColumn(field, number, values);
    column.heapCells = heapCells;
    return column;
  });
  const reader = new ArrayReader(content);
  table.documentRows?.restore(
    columns,
    header.blocks.map((block) => readBlock(reader, ...block)),
  );
  for (const row of header.others) table.take(row);
}

function readBlock(reader: ArrayReader, used: number, heapBytes: number, columns: readonly number[]): RowBlock {
  const arrays: BlockArrays = {
    created: reader.doubles(used),
    updated: reader.doubles(used),
    ids: reader.integers(used),
    lengths: reader.integers(used),
    crcs: reader.integers(used),
    cells: [],
  };
  for (const column of columns) arrays.cells[column] = reader.integers(used);
  return new RowBlock(used, new RowHeap(reader.bytes(heapBytes)), arrays);
}

/** Hands out arrays that look into the bytes, one after another. */
class ArrayReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#pass(length * 8), length);
  }

  integers(length: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#pass(length * 4), length);
  }

  bytes(length: number): Buffer {
    const at = this.#pass(length);
    return this.#bytes.subarray(at, at + length);
  }

  #pass(length: number): number {
    const at = this.#at;
    this.#at += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    if (this.#at > this.#bytes.length) throw new Error('the snapshot is short');
    return at;
  }
}
