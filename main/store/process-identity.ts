import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells one run of one process from another, on this machine and since it was started. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in whatever unit the system gives; null where it cannot be told. */
  readonly pidStart: string | null;
  /** Differs after each start of the machine; null where it cannot be told. */
  readonly bootId: string | null;
}

function attempt(read: () => string): string | null {
  try {
    return read().trim() || null;
  } catch {
    return null;
  }
}

/** Loaded only where it is needed: opening a vault on Linux or Windows is the quicker for it. */
function printedBy(command: string, args: readonly string[]): string {
  return process.getBuiltinModule('node:child_process').execFileSync(command, args, { encoding: 'utf8' });
}

function processStart(pid: number): string | null {
  switch (process.platform) {
    case 'linux':
      // Field 22; the second field is the command in brackets and may itself hold blanks and brackets.
      return attempt(
        () =>
          readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) /s, '')
            .split(' ')[19] ?? '',
      );
    case 'darwin':
      return attempt(() => printedBy('ps', ['-o', 'lstart=', '-p', String(pid)]));
    default:
      return null;
  }
}

function bootId(): string | null {
  switch (process.platform) {
    case 'linux':
      return attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
    case 'darwin':
      return attempt(() => printedBy('sysctl', ['-n', 'kern.bootsessionuuid']));
    default:
      return null;
  }
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), pidStart: processStart(process.pid), bootId: bootId() };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // it runs, as another user
  }
}

/** Whether that process is certainly gone. On another host, or in doubt: false. */
export function isGone(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return false;
  if (identity.bootId !== null && identity.bootId !== bootId()) return true;
  if (!isRunning(identity.pid)) return true;
  return identity.pidStart !== null && identity.pidStart !== processStart(identity.pid);
}
