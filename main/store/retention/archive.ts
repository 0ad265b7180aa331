import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { CollectionDefinition } from '../../../shared/collections/define.ts';
import { durableWrite } from '../durable-write.ts';
import { encodeDocument, encodeLine } from '../encode.ts';
import type { FsPort } from '../fs-port.ts';
import { documentPath, logPath } from '../layout.ts';
import { streamOf } from '../row.ts';
import type { StoredRecord } from '../../records/stored-record.ts';

/** The folder of the vault's archives. */
export const ARCHIVE_FOLDER = 'archive';

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly now: Date;
}

/**
 * Writes records into a new ZIP, under the paths and in the layout they have in the vault, so that a person finds and
 * reads them without Almanac. Durable and read back when this resolves. DISK_FULL, DISK_ERROR.
 *
 * @returns the ZIP's path, relative to the vault
 */
export async function writeArchive(
  { fs, root, now }: Port,
  definition: CollectionDefinition,
  records: readonly StoredRecord[],
): Promise<string> {
  const zip = new ZipFile();
  for (const [path, bytes] of filesOf(definition, records)) {
    zip.addBuffer(bytes, `${definition.name}/${path}`, { mtime: now, mode: 0o100600 });
  }
  zip.end();
  // Every byte is in memory before the first is written: half a ZIP never stands under its name.
  const bytes = await buffer(zip.outputStream);
  const path = freeName(fs, root, `${definition.name}-${now.toISOString().slice(0, 10)}`);
  durableWrite(fs, root, join(root, path), bytes);
  return path;
}

function filesOf(definition: CollectionDefinition, records: readonly StoredRecord[]): Map<string, Buffer> {
  const parts = new Map<string, Buffer[]>();
  for (const record of records) {
    const isLog = definition.kind === 'log';
    const path = isLog
      ? logPath(streamOf(definition, record), record.created_at)
      : documentPath(record.id, record.created_at);
    const known = parts.get(path) ?? [];
    parts.set(path, [...known, isLog ? encodeLine(record) : encodeDocument(record)]);
  }
  return new Map([...parts].map(([path, lines]) => [path, Buffer.concat(lines)]));
}

function freeName(fs: FsPort, root: string, base: string): string {
  for (let number = 1; ; number += 1) {
    const path = `${ARCHIVE_FOLDER}/${base}${number === 1 ? '' : `-${number}`}.zip`;
    if (fs.stat(join(root, path)) === undefined) return path;
  }
}
