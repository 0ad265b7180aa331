import type { Document, FindCursor } from 'mongodb';
import type { RemoteConnection } from './connect.ts';

/**
 * The documents of a cursor that was opened with `raw`, as bytes, a batch of the server's at a time: waiting for each by
 * itself takes longer than reading it. Closes the cursor at its end.
 *
 * @param guard runs each question to the server; it may refuse, or translate what is thrown
 */
export async function* rawBatches(
  cursor: FindCursor<Document>,
  guard: RemoteConnection['run'] = (work) => work(),
): AsyncGenerator<readonly Uint8Array[]> {
  try {
    while (await guard(() => cursor.hasNext())) {
      yield cursor.readBufferedDocuments() as unknown as Uint8Array[]; // `raw` is not in the driver's types of results
    }
  } finally {
    await cursor.close().catch(() => undefined);
  }
}
