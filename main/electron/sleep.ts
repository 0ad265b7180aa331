import { toAppError } from '../../shared/errors.ts';
import type { Log } from '../lib/log.ts';

/** What Electron's powerMonitor is here. */
export interface PowerLike {
  on(event: 'suspend' | 'resume' | 'shutdown', listener: (event: { preventDefault(): void }) => void): unknown;
}

export interface SleepPorts {
  readonly power: PowerLike;
  readonly vault: { suspend(): Promise<void>; resume(): Promise<void> };
  /** The machine is awake and the vault with it. */
  readonly onAwake?: () => void;
  /** Begins the app's orderly end. */
  readonly quit: () => void;
  readonly log: Log;
}

/**
 * Before the machine sleeps, everything is brought into the files and writes are held; when it wakes, the lock is looked
 * at before they go on: another machine may have taken the vault over. When the machine ends, the app ends in order.
 */
export function followPower({ power, vault, onAwake, quit, log }: SleepPorts): void {
  const warn = (thrown: unknown): void => log.warn('sleep was not prepared in full', { code: toAppError(thrown).code });
  // One after the other: a short sleep may end before its preparation does.
  let last: Promise<void> = Promise.resolve();
  const next = (step: () => Promise<void>): void => {
    last = last.then(step).catch(warn);
  };
  power.on('suspend', () => next(() => vault.suspend()));
  power.on('resume', () => next(() => vault.resume().then(onAwake)));
  power.on('shutdown', (event) => {
    event.preventDefault();
    quit();
  });
}
