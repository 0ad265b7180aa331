import type { AppendHandle, FsPort } from '../../../main/store/fs-port.ts';
import { nodeFs } from '../../../main/store/node-fs.ts';

/** Thrown at the crash point and by every disk call after it: nothing more reaches the disk. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface FaultyFs {
  readonly fs: FsPort;
  /** From now on the disk behaves. */
  heal(): void;
  /** From now on calls are counted, from 0 again. */
  arm(): void;
}

type Fault = { readonly kind: 'crash' } | { readonly kind: 'error'; readonly code: string; readonly isSticky: boolean };

const MUTATING = new Set([
  'replaceFile',
  'createUnsynced',
  'append',
  'truncate',
  'rename',
  'unlink',
  'makeFolder',
  'removeFolder',
  'syncFolder',
  'openAppend',
  'syncAll',
]);

/**
 * The real disk, whose changing call number `at` (from 0, counted while armed) fails: with an error once or from then
 * on, or as a crash, in which appends are torn in the middle and no later call does anything.
 */
export function faultyFs(at: number, fault: Fault): FaultyFs {
  let count = 0;
  let isCrashed = false;
  let isArmed = true;

  function gate(tear?: () => void): void {
    if (!isArmed) return;
    if (isCrashed) throw new Crash();
    const here = count;
    count += 1;
    if (here < at || (here > at && !(fault.kind === 'error' && fault.isSticky))) return;
    if (fault.kind === 'error') throw Object.assign(new Error(fault.code), { code: fault.code });
    tear?.();
    isCrashed = true;
    throw new Crash();
  }

  function wrapHandle(handle: AppendHandle): AppendHandle {
    return {
      append: (bytes) => {
        gate(() => handle.append(bytes.subarray(0, bytes.length / 2)));
        handle.append(bytes);
      },
      sync: () => {
        gate();
        handle.sync();
      },
      close: () => handle.close(),
    };
  }

  const fs = new Proxy(nodeFs, {
    get(target, name: keyof FsPort) {
      const real = target[name] as (...values: unknown[]) => unknown;
      return (...values: unknown[]): unknown => {
        if (!MUTATING.has(name)) {
          if (isCrashed && isArmed) throw new Crash();
          return real(...values);
        }
        const [path, bytes] = values as [string, Uint8Array];
        gate(name === 'append' ? () => target.append(path, bytes.subarray(0, bytes.length / 2)) : undefined);
        return name === 'openAppend' ? wrapHandle(target.openAppend(path)) : real(...values);
      };
    },
  });
  return { fs, arm: () => void ([isArmed, count] = [true, 0]), heal: () => void (isArmed = false) };
}

/** A lock that takes nothing: for tests whose "process" dies without a trace. */
export const noLock = async () => ({
  owner: { pid: 0, host: 'test', since: '' },
  assertHeld: () => undefined,
  renew: async () => undefined,
  watch: () => undefined,
  release: async () => undefined,
});

export interface Unreadable {
  readonly fs: FsPort;
  /** Files whose path contains one of these cannot be read; everything else of them works. By part of a path: the errno. */
  readonly files: Map<string, string>;
}

/** The real disk, with files that it will not give, whoever asks. */
export function unreadableFs(): Unreadable {
  const files = new Map<string, string>();
  const fs = new Proxy(nodeFs, {
    get(target, name: keyof FsPort) {
      const real = target[name] as (...values: unknown[]) => unknown;
      return (...values: unknown[]): unknown => {
        const path = String(values[0]);
        const code =
          name === 'readFile' || name === 'readRange'
            ? [...files].find(([part]) => path.includes(part))?.[1]
            : undefined;
        if (code !== undefined) throw Object.assign(new Error(code), { code });
        return real(...values);
      };
    },
  });
  return { fs, files };
}
