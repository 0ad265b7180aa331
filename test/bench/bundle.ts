import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'vite';

// Packages in CommonJS ask for it.
const banner = 'const __filename = import.meta.filename;';
const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'bench-bundle');

/** The file that this source and all it imports become, packages too, as the app's are. */
export async function bundled(entry: string): Promise<string> {
  const name = basename(entry, '.ts');
  const outDir = join(folder, name);
  mkdirSync(outDir, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs', banner } },
    },
  });
  return join(outDir, `${name}.mjs`);
}
