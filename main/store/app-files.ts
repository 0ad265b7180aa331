import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { durableWrite } from './durable-write.ts';
import type { FsPort } from './fs-port.ts';
import { layout } from './layout.ts';

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** `_<name>.json` in the vault, for the app's own small things. Names of the store's own files are refused. */
function pathOf(root: string, name: string): string {
  const file = `_${name}.json`;
  if (NAME.test(name) && !Object.values<string>(layout).includes(file)) return join(root, file);
  throw new AppError('PATH_REFUSED', `"${name}" is no name for a file of the app.`, {
    remedy: 'Use lower-case letters, digits and dashes, and none of the vault’s own names.',
    details: { name },
  });
}

/** null when absent. RECORD_DAMAGED when it is not JSON. */
export function readAppFile(fs: FsPort, root: string, name: string): unknown {
  const path = pathOf(root, name);
  if (fs.stat(path) === undefined) return null;
  try {
    return JSON.parse(fs.readFile(path).toString('utf8')) as unknown;
  } catch (cause) {
    throw new AppError('RECORD_DAMAGED', `${path} is damaged.`, {
      remedy: 'Remove the file; the app starts with its defaults.',
      details: { path },
      cause,
    });
  }
}

export function writeAppFile(fs: FsPort, root: string, name: string, value: unknown): void {
  durableWrite(fs, root, pathOf(root, name), Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}
