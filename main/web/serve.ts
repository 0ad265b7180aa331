import { createApp } from '../app/create-app.ts';
import { stderrLog, type Log } from '../lib/log.ts';
import { rendererFolder } from './locations.ts';
import { startWebHost, type WebHost } from './web-host.ts';

export interface ServeOptions {
  /** Absolute; created when it is missing. */
  readonly vaultPath: string;
  readonly port?: number;
  readonly log?: Log;
}

/** Opens the vault and serves it. `close` of what it returns closes both. */
export async function serve({ vaultPath, port = 0, log = stderrLog }: ServeOptions): Promise<WebHost> {
  const app = await createApp({ vaultPath, log });
  try {
    const host = await startWebHost({ app, rendererDir: rendererFolder(), port, log });
    return {
      ...host,
      close: async () => {
        await host.close();
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}
