import type { FsPort } from '../../../main/store/fs-port.ts';
import { nodeFs } from '../../../main/store/node-fs.ts';

/** The real disk, and a list of what was asked of it. */
export function countingFs(): { readonly fs: FsPort; readFiles(): readonly string[]; changes(): readonly string[] } {
  const calls: { readonly name: string; readonly path: string }[] = [];
  const reads = new Set(['readFile', 'readRange']);
  const harmless = new Set([...reads, 'stat', 'readFolder', 'realPath']);
  const fs = new Proxy(nodeFs, {
    get(target, name: keyof FsPort) {
      const real = target[name] as (...values: unknown[]) => unknown;
      return (...values: unknown[]): unknown => {
        calls.push({ name, path: String(values[0]) });
        return real(...values);
      };
    },
  });
  return {
    fs,
    readFiles: () => calls.filter(({ name }) => reads.has(name)).map(({ path }) => path),
    changes: () => calls.filter(({ name }) => !harmless.has(name)).map(({ name, path }) => `${name} ${path}`),
  };
}
