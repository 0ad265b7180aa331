import { spawn, spawnSync } from 'node:child_process';

export interface Display {
  readonly env: Readonly<Record<string, string>>;
  stop(): void;
}

/** A screen for desktop windows: the machine's, or a virtual one where there is Xvfb. Null where there is neither. */
export async function openDisplay(): Promise<Display | null> {
  if (process.platform !== 'linux' || process.env['DISPLAY']) return { env: {}, stop: () => undefined };
  if (spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error !== undefined) return null;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
    server.once('exit', () => reject(new Error('Xvfb ended before it showed a screen.')));
  });
  return { env: { DISPLAY: `:${number}` }, stop: () => void server.kill() };
}
