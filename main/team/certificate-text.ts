import type { Certificate } from '../../shared/ipc/team.ts';

/** A certificate as a person reads it. */
export function certificateText({ equal, at, store_id, sha256, collections }: Certificate): string {
  const lines = Object.entries(collections).map(([name, { local, remote, checksum, differing }]) => {
    const verdict = differing.length === 0 && local === remote ? 'equal' : `${differing.length} differing`;
    return `${name.padEnd(20)}${String(local).padStart(10)}${String(remote).padStart(10)}  ${verdict.padEnd(14)}${checksum}`;
  });
  return [
    'Almanac parity certificate',
    '',
    equal ? 'Both sides are equal.' : 'The sides differ.',
    `At ${at}, team database ${store_id}`,
    '',
    `${'collection'.padEnd(20)}${'here'.padStart(10)}${'there'.padStart(10)}  ${''.padEnd(14)}sha256 of the records here`,
    ...lines,
    '',
    `sha256 of this certificate: ${sha256}`,
    '',
  ].join('\n');
}
