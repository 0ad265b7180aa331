import { onTestFinished } from 'vitest';
import type { FsPort } from '../../../main/store/fs-port.ts';
import type { Repeat } from '../../../main/store/health.ts';
import { nodeFs } from '../../../main/store/node-fs.ts';
import type { Vault } from '../../../main/store/types.ts';
import type { OpenVaultOptions } from '../../../main/store/vault.ts';
import { openTestVault } from './open-test-vault.ts';

type Call = (name: keyof FsPort, args: readonly unknown[]) => string | undefined;

export interface TroubledVault {
  readonly vault: Vault;
  /** Before every call of the disk: an errno makes it fail. */
  readonly onCall: (call: Call | undefined) => void;
  /** As if the next few seconds had passed: looks at the trouble again. */
  readonly probe: () => Promise<void>;
  readonly isProbing: () => boolean;
  /** Every state it was in since it was opened. */
  readonly states: string[];
}

/** A vault on the real disk that fails on demand, whose health is looked at by hand. */
export async function openTroubled(root: string, options: Partial<OpenVaultOptions> = {}): Promise<TroubledVault> {
  let onCall: Call | undefined;
  let work: (() => void) | undefined;
  const fs = new Proxy(nodeFs, {
    get(target, name: keyof FsPort) {
      const real = target[name] as (...values: unknown[]) => unknown;
      return (...values: unknown[]): unknown => {
        const code = onCall?.(name, values);
        if (typeof code === 'string') throw Object.assign(new Error(code), { code });
        return real(...values);
      };
    },
  });
  const repeat: Repeat = (probe) => {
    work = probe;
    return () => void (work = undefined);
  };
  // Registered first, so that it comes last: the vault is closed on a good disk.
  const vault = await openTestVault(root, { fs, repeat, ...options });
  onTestFinished(() => void (onCall = undefined));
  const states: string[] = [];
  vault.onHealth(({ state }) => states.push(state));
  return {
    vault,
    onCall: (call) => void (onCall = call),
    probe: async () => {
      work?.();
      // The vault's work is done one after another; what the probe began ends before this does.
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
    },
    isProbing: () => work !== undefined,
    states,
  };
}
