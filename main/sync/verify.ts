import type { CollectionName } from '../../shared/collections/registry.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { sha256Hex } from '../lib/hash.ts';
import { compareContents, type ParityOptions } from './parity.ts';
import type { LocalPort, RemotePort } from './ports.ts';

export interface CertifiedCollection {
  readonly local: number;
  readonly remote: number;
  readonly checksum: string;
  readonly differing: readonly string[];
}

/** What stood on both sides at a moment, signed by its hash. */
export interface ParityCertificate {
  readonly equal: boolean;
  readonly at: string;
  readonly store_id: string;
  readonly collections: Readonly<Partial<Record<CollectionName, CertifiedCollection>>>;
  /** SHA-256 of this object's canonical JSON without this field. */
  readonly sha256: string;
}

export interface VerifyParts {
  readonly local: LocalPort;
  readonly remote: RemotePort;
  readonly clock: { now(): number };
  readonly storeId: string;
}

/** Reads both sides whole. What waits to be sent differs, as it should. */
export async function certify(parts: VerifyParts, options: ParityOptions = {}): Promise<ParityCertificate> {
  const collections: Partial<Record<CollectionName, CertifiedCollection>> = {};
  let equal = true;
  for (const collection of parts.local.collections) {
    const { equal: same, ...certified } = await compareContents(parts.local, parts.remote, collection, options);
    collections[collection] = certified;
    equal &&= same;
  }
  return signed({ equal, at: new Date(parts.clock.now()).toISOString(), store_id: parts.storeId, collections });
}

function signed(content: Omit<ParityCertificate, 'sha256'>): ParityCertificate {
  return { ...content, sha256: sha256Hex(canonicalJson(content)) };
}

/** Whether nobody has changed the certificate since it was made. */
export function isGenuine({ sha256, ...content }: ParityCertificate): boolean {
  return sha256 === sha256Hex(canonicalJson(content));
}

/** The certificate for people. */
export function certificateText(certificate: ParityCertificate): string {
  const lines = Object.entries(certificate.collections).map(([name, { local, remote, checksum, differing }]) =>
    [
      name.padEnd(20),
      String(local).padStart(9),
      String(remote).padStart(9),
      String(differing.length).padStart(9),
      ` ${checksum.slice(0, 16)}`,
    ].join(' '),
  );
  return [
    `Parity certificate of ${certificate.at}`,
    `Team database ${certificate.store_id}`,
    certificate.equal ? 'Both sides are equal.' : 'The sides DIFFER.',
    '',
    `${'collection'.padEnd(20)} ${'here'.padStart(9)} ${'there'.padStart(9)} ${'differing'.padStart(9)}  checksum`,
    ...lines,
    '',
    `sha256 ${certificate.sha256}`,
    '',
  ].join('\n');
}
