import type { Clock } from '../lib/clock.ts';

/** What a command has of the world; tests give it their own. */
export interface CliContext {
  /** Standard output: results only. */
  readonly out: (text: string) => void;
  /** Standard error: progress and errors for people. */
  readonly note: (text: string) => void;
  /** Whether a person watches standard error. */
  readonly isWatched: boolean;
  readonly readInput: () => Promise<string>;
  readonly clock: Clock;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** How long to wait for one and the same holder of the vault that cannot be asked. Absent: the usual time. */
  readonly patienceMs?: number;
}

/** Options that every command has. */
export interface GlobalOptions {
  readonly vault?: string;
  readonly json?: true;
}
