import { join } from 'node:path';

const fromSources = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'bench-peers');

/** Where the peers are installed. Bundled code stands elsewhere, and is told. */
export const peersFolder = process.env['ALMANAC_BENCH_PEERS'] ?? fromSources;
