/** Where the worker threads' code is: sources run from main/app/, the bundle puts workers beside the doors. */
export const workerFiles = import.meta.url.endsWith('.ts')
  ? {
      search: new URL('../search/worker.ts', import.meta.url),
      transfer: new URL('../transfer/worker.ts', import.meta.url),
      team: new URL('../team/worker.ts', import.meta.url),
    }
  : {
      search: new URL('./search-worker.js', import.meta.url),
      transfer: new URL('./transfer-worker.js', import.meta.url),
      team: new URL('./team-worker.js', import.meta.url),
    };
