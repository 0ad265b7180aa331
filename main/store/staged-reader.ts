import { createHash } from 'node:crypto';
import { isCollectionName } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { FsPort } from './fs-port.ts';
import { readBuffer } from './read-buffer.ts';
import type { StagedBatch, StagedOperation } from './types.ts';

const CHUNK_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

/** The lines of a file, a chunk in memory at a time. A line is good until the next one is asked for. */
export function* linesOf(
  fs: FsPort,
  path: string,
  onChunk: (bytes: Buffer) => void = () => undefined,
): Generator<Buffer> {
  const buffer = readBuffer(fs, path, CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  for (let offset = 0; ;) {
    const chunk = fs.readRange(path, offset, buffer.length, buffer);
    if (chunk.length === 0) break;
    onChunk(chunk);
    offset += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = chunk.subarray(start, end);
      yield rest.length === 0 ? line : Buffer.concat([rest, line]);
      rest = rest.subarray(0, 0);
      start = end + 1;
    }
    // A copy: the next chunk takes this one's place.
    rest = Buffer.concat([rest, chunk.subarray(start)]);
  }
  if (rest.length > 0) yield rest;
}

/** An operation, and the size of its line. */
export interface StagedLine {
  readonly operation: StagedOperation;
  readonly bytes: number;
}

/** The operations of a staged file. BAD_INPUT at the end when they are not the batch that was finished. */
export function* stagedOperations(fs: FsPort, path: string, batch: StagedBatch): Generator<StagedLine, void> {
  const hash = createHash('sha256');
  let count = 0;
  for (const line of linesOf(fs, path, (bytes) => hash.update(bytes))) {
    count += 1;
    yield { operation: parseOperation(line, count), bytes: line.length };
  }
  if (count !== batch.operations || hash.digest('hex') !== batch.sha256)
    throw refused('it is not the file that was finished', 0);
}

/** A batch that cannot be taken. `line` counts from 1; 0 stands for the whole file. */
export function refused(why: string, line: number, cause?: unknown): AppError {
  const place = line === 0 ? 'The prepared batch' : `Operation ${line} of the prepared batch`;
  return new AppError('BAD_INPUT', `${place} was refused: ${why}.`, {
    remedy: 'Nothing was changed. Prepare it again.',
    details: { line },
    cause,
  });
}

function parseOperation(line: Buffer, number: number): StagedOperation {
  let value: Partial<Record<string, unknown>> | null;
  try {
    value = JSON.parse(line.toString('utf8')) as Partial<Record<string, unknown>> | null;
  } catch (cause) {
    throw refused('it is not JSON', number, cause);
  }
  const collection = value?.['collection'];
  if (typeof collection !== 'string' || !isCollectionName(collection)) throw refused('it names no collection', number);
  const isDelete = value?.['op'] === 'delete' && typeof value['id'] === 'string';
  const isPut = value?.['op'] === 'put' && typeof value['record'] === 'object' && value['record'] !== null;
  if (!isDelete && !isPut) throw refused('it is neither a put nor a delete', number);
  return value as unknown as StagedOperation; // just checked
}
