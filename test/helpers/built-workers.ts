import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const project = join(import.meta.dirname, '../..');
const rooms = ['search', 'transfer', 'team'];

/**
 * Vitest's global set-up: the worker threads as they are shipped, in one file each, for main/app/worker-files.ts. Threads of
 * TypeScript would start slower, and now and then take the test process with them (SIGSEGV, see there).
 */
export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-workers-'));
  await build({
    configFile: false,
    root: project,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(rooms.map((room) => [`${room}-worker`, join(project, `main/${room}/worker.ts`)])),
        external: [/^node:/],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
    ssr: { noExternal: true },
  });
  process.env['ALMANAC_WORKERS'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
