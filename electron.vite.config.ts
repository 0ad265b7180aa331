import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Every door and worker of the main side, by the name of its bundle in out/main. */
const doors = {
  electron: 'main/electron/main.ts',
  web: 'main/web/web.ts',
  cli: 'main/cli/cli.ts',
  'search-worker': 'main/search/worker.ts',
  'transfer-worker': 'main/transfer/worker.ts',
  'team-worker': 'main/team/worker.ts',
};

/**
 * Builds every door: the desktop shell with its preload, the web host, the command line, the workers, the page.
 *
 * Dependencies are bundled into out/main too, so that a package needs no node_modules and holds only what is used.
 * Shared code is put beside the entries, not in a folder of chunks: `new URL('./search-worker.js', import.meta.url)`
 * must mean the same from each of them.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node20.18',
      externalizeDeps: false,
      rolldownOptions: {
        input: doors,
        external: ['electron', /^electron\/.+/, /^node:/],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'main/electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      // The policy allows files of our own only, no data: addresses.
      assetsInlineLimit: 0,
      minify: true,
      // One file of code, loaded from this machine: splitting it would gain nothing.
      chunkSizeWarningLimit: 4000,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { index: resolve('renderer/index.html') } },
    },
  },
});
