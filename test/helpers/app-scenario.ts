import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { createApp } from '../../main/app/create-app.ts';
import { desktopHost, webHost, type OpenOptions, type Running, type TestHost } from './app-hosts.ts';
import { writeSampleExport } from './app-export.ts';

/** What a scenario has at hand. */
export interface Stage extends Running {
  /** A folder of the test's own. */
  readonly folder: string;
  readonly host: TestHost['name'];
  /** Ends the app and starts it again over the same vault. */
  reopen(): Promise<Stage>;
}

export interface ScenarioOptions extends Omit<OpenOptions, 'vault'> {
  /** filled: with the sample conversations imported. */
  readonly vault?: 'empty' | 'filled';
  readonly only?: TestHost['name'];
  /** What the page may report as an error: a test that breaks the rules on purpose. */
  readonly allowsProblems?: true;
}

const hosts = [webHost(), await desktopHost()];
afterAll(async () => {
  for (const host of hosts) await host.stop();
});

/** Runs the scenario in a browser and in the desktop window; one that cannot run here is reported as skipped. */
export function scenario(title: string, play: (stage: Stage) => Promise<void>, options: ScenarioOptions = {}): void {
  for (const host of hosts.filter(({ name }) => options.only === undefined || options.only === name)) {
    const why = host.missing === null ? '' : `: ${host.missing}`;
    test.skipIf(host.missing !== null)(`${title} (${host.name}${why})`, () => onStage(host, play, options));
  }
}

async function onStage(
  host: TestHost,
  play: (stage: Stage) => Promise<void>,
  { vault = 'empty', allowsProblems, ...opening }: ScenarioOptions,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-e2e-'));
  const vaultPath = join(folder, 'vault');
  let running: Running | undefined;
  // What the app keeps for this person outside of vaults.
  process.env['ALMANAC_CONFIG'] = join(folder, 'config');
  const open = async (): Promise<Stage> => {
    await running?.close();
    running = await host.open({ ...opening, vault: vaultPath });
    // Of a machine that is busy with other things.
    running.page.setDefaultTimeout(30_000);
    return { ...running, folder, host: host.name, reopen: open };
  };
  try {
    if (vault === 'filled') await fillVault(folder, vaultPath);
    await play(await open());
    if (!allowsProblems) expect(running?.problems).toEqual([]);
  } finally {
    await running?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fillVault(folder: string, vaultPath: string): Promise<void> {
  const path = await writeSampleExport(join(folder, 'sample.zip'), new Date());
  const app = await createApp({ vaultPath });
  await app.transfer.run({ path, name: 'sample.zip' });
  await app.close();
}

/** Calls main as the page would, on either host, and returns the Reply. */
export function callMain(
  page: Page,
  method: string,
  input: unknown = {},
): Promise<{ ok: boolean; [key: string]: unknown }> {
  return page.evaluate(
    async ([name, value]) => {
      const bridge = (globalThis as { almanac?: { invoke(method: unknown, input: unknown): Promise<never> } }).almanac;
      if (bridge !== undefined) return bridge.invoke(name, value);
      const headers = { 'x-almanac': '1', 'content-type': 'application/json' };
      const response = await fetch(`/api/${String(name)}`, { method: 'POST', headers, body: JSON.stringify(value) });
      return response.json() as Promise<never>;
    },
    [method, input] as const,
  );
}
