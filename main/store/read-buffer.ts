import type { FsPort } from './fs-port.ts';

/**
 * A buffer for reading a file piece by piece: of the most bytes that a piece may have, or of the file's size where that
 * is less, since large buffers lie outside of the heap and make the garbage collector run early.
 */
export function readBuffer(fs: FsPort, path: string, mostBytes: number): Buffer {
  const size = fs.stat(path)?.size ?? 0;
  return Buffer.allocUnsafe(Math.max(1, Math.min(mostBytes, size)));
}
