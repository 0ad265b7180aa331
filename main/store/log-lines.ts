import { type Parsed, parseRecord } from './parse-record.ts';

const NEWLINE = 0x0a;

/** One line of a log file. `length` counts its newline; `torn` marks a last line that has none. */
export interface LogLine {
  readonly offset: number;
  readonly length: number;
  readonly torn: boolean;
  readonly parsed: Parsed;
}

/** The lines of a log file that hold anything; blank lines are passed over. */
export function* logLines(bytes: Buffer): Generator<LogLine> {
  let offset = 0;
  while (offset < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, offset);
    const end = newline === -1 ? bytes.length : newline;
    const text = bytes.subarray(offset, end);
    const length = newline === -1 ? text.length : text.length + 1;
    if (!isBlank(text)) yield { offset, length, torn: newline === -1, parsed: parseRecord(text) };
    offset += length;
  }
}

function isBlank(text: Buffer): boolean {
  return text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
