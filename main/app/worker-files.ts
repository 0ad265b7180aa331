import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Where the worker threads' code is: the bundle puts workers beside the doors; sources run from main/app/, with workers that
 * were built into the folder ALMANAC_WORKERS where that is set, as tests do. A thread that reads TypeScript has Node strip
 * its types in WebAssembly, and V8 can crash the process when such a thread ends.
 */
export const workerFiles = import.meta.url.endsWith('.ts')
  ? {
      search: ofSource('search'),
      transfer: ofSource('transfer'),
      team: ofSource('team'),
    }
  : {
      search: new URL('./search-worker.js', import.meta.url),
      transfer: new URL('./transfer-worker.js', import.meta.url),
      team: new URL('./team-worker.js', import.meta.url),
    };

function ofSource(room: string): URL {
  const built = process.env['ALMANAC_WORKERS'];
  return built ? pathToFileURL(join(built, `${room}-worker.js`)) : new URL(`../${room}/worker.ts`, import.meta.url);
}
