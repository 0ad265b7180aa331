import type { LogFile } from './row.ts';

/** A log's files by stream. Most streams have one: it stands for itself, without a list around it. */
export class StreamFiles {
  readonly #byStream = new Map<string, LogFile | readonly LogFile[]>();

  of(stream: string): readonly LogFile[] {
    const held = this.#byStream.get(stream);
    if (held === undefined) return [];
    return isList(held) ? held : [held];
  }

  add(file: LogFile): void {
    const held = this.of(file.stream);
    this.#byStream.set(file.stream, held.length === 0 ? file : [...held, file]);
  }

  delete(file: LogFile): void {
    const left = this.of(file.stream).filter((other) => other !== file);
    if (left.length === 0) this.#byStream.delete(file.stream);
    else this.#byStream.set(file.stream, left);
  }

  clear(): void {
    this.#byStream.clear();
  }
}

function isList(held: LogFile | readonly LogFile[]): held is readonly LogFile[] {
  return Array.isArray(held);
}
