import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { RemotePoison, RemoteVersion } from '../sync/ports.ts';
import type { Driver } from './driver.ts';
import { readDocument, reasonOf, withTrueMeta } from './wire.ts';
import type { SeenDocument } from './write-op.ts';

/** A document as the reconciler sees it; `seen` is its bytes. */
export function readVersion(
  definition: CollectionDefinition,
  bytes: Uint8Array,
  driver: Driver,
): readonly [_id: unknown, id: string, RemoteVersion | RemotePoison] {
  const read = readDocument(definition, bytes, driver);
  if (read.kind === 'unreadable') return [null, read.id, { poison: read.reason }];
  const { _id } = read;
  try {
    const { record, former, isForeign } = withTrueMeta(definition, read, driver);
    return [_id, record.id, { record, seen: bytes, ...(isForeign && { foreign: { former } }) }];
  } catch (error) {
    return [_id, read.record.id, { poison: reasonOf(error) }];
  }
}

/** The document again, in types that go back to the server as they came. */
export function seenDocument(bytes: Uint8Array, { BSON }: Driver): SeenDocument {
  const document = BSON.deserialize(bytes, { promoteValues: false, bsonRegExp: true });
  const again = BSON.serialize(document, { ignoreUndefined: false });
  return { document, size: bytes.length, isExact: Buffer.compare(again, bytes) === 0 };
}
