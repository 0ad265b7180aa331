import { parseArgs } from 'node:util';
import { AppError, toAppError } from '../../shared/errors.ts';
import { vaultLocation } from '../app/vault-location.ts';
import { hasDisplay, openBrowser } from './open-browser.ts';
import { serve } from './serve.ts';
import type { WebHost } from './web-host.ts';

/** Serves the vault until the process is told to end. Arguments: `[--vault DIR] [--port N] [--no-open]`. */
export async function runWeb(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      vault: { type: 'string' },
      port: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const host = await serve({ vaultPath: vaultLocation(values.vault), port: portNumber(values.port) });
  closeOnSignal(host);
  // A terminal that went away must not take the vault's owner with it; the signals end it in order.
  process.stdout.on('error', () => undefined);
  console.log(`Almanac is open at ${host.url}`);
  console.log('The address signs in one browser, within ten minutes. Press Ctrl+C to end.');
  if (!values['no-open'] && hasDisplay(process.platform, process.env)) openBrowser(host.url);
  if (process.stdin.isTTY) process.stdin.on('data', () => console.log(`A new address: ${host.newUrl()}`));
}

/** @throws BAD_INPUT */
export function portNumber(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new AppError('BAD_INPUT', `"${text}" is not a port.`, { remedy: 'Give a number from 0 to 65535.' });
}

/** A second signal does not wait: the vault is safe on an abrupt end too. */
function closeOnSignal(host: WebHost): void {
  let closing = false;
  const close = (): void => {
    if (closing) process.exit(130);
    closing = true;
    host.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`Almanac did not close cleanly: ${toAppError(error).message}`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, close);
}

/** For the process entries: an error as a person reads it, and exit code 1. */
export function reportAndFail(thrown: unknown): void {
  const error = toAppError(thrown);
  console.error(`${error.message}\n${error.remedy}`);
  process.exitCode = 1;
}
