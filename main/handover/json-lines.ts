import type { Socket } from 'node:net';

const NEWLINE = 0x0a;

export interface LineReader {
  /** The longest line taken, in bytes; a longer one ends the reading. */
  maxBytes: number;
}

export interface LineListeners {
  readonly onLine: (line: string) => void;
  readonly onTooLong: () => void;
}

/** Cuts what arrives into lines. Whole lines are decoded, so that no character is split between two chunks. */
export function readLines(socket: Socket, maxBytes: number, { onLine, onTooLong }: LineListeners): LineReader {
  const reader: LineReader = { maxBytes };
  let chunks: Buffer[] = [];
  let held = 0;
  let isOver = false;

  function take(part: Buffer): boolean {
    held += part.length;
    if (held > reader.maxBytes) {
      [isOver, chunks] = [true, []];
      onTooLong();
      return false;
    }
    chunks.push(part);
    return true;
  }

  socket.on('data', (data: Buffer) => {
    let offset = 0;
    while (!isOver && offset < data.length) {
      const newline = data.indexOf(NEWLINE, offset);
      if (newline === -1) return void take(data.subarray(offset));
      if (!take(data.subarray(offset, newline))) return;
      const line = Buffer.concat(chunks).toString('utf8');
      [chunks, held, offset] = [[], 0, newline + 1];
      onLine(line);
    }
  });
  return reader;
}

/** The value of a line, or undefined where it is no JSON. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

export function writeLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}
