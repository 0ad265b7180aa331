import type { Change, ChangeBatch } from '../../shared/store/store.ts';
import { type Batch, type Operation, type Written, recordId } from './batch.ts';
import { rowOf, streamOf } from './row.ts';

/** Step 2 of a commit: memory follows what is durable. Cannot fail, and runs in one go: no reader sees half of it. */
export function applyBatch(batch: Batch, written: Written): ChangeBatch {
  const changes = changesOf(batch);
  for (const [at, operation] of batch.operations.entries()) {
    if (operation.kind === 'delete') {
      operation.table.remove(recordId(operation));
      continue;
    }
    const place = written.places[at];
    if (!place) throw new Error('A put without a place. This is a bug in Almanac.');
    if (place.file) operation.table.adoptLogFile(place.file);
    operation.table.put(rowOf(operation.table.shape, operation.record, place));
  }
  for (const { table, file, size, crc } of written.logFiles) {
    [file.size, file.crc] = [size, crc];
    if (size === 0) table.forgetLogFile(file.path);
  }
  return changes;
}

/** What those who watch are told: nothing of the vault's own bookkeeping. Looked at before memory follows. */
export function changesOf(batch: Batch): ChangeBatch {
  const shown = batch.operations.filter(({ table }) => !table.definition.internal);
  return { source: batch.source, changes: shown.map(changeOf) };
}

function changeOf(operation: Operation): Change {
  const { table } = operation;
  const id = recordId(operation);
  const type = operation.kind === 'delete' ? 'delete' : operation.before ? 'update' : 'insert';
  if (table.definition.kind !== 'log') return { collection: table.name, type, id };
  const record = operation.kind === 'put' ? operation.record : operation.before.view;
  return { collection: table.name, type, id, stream: streamOf(table.definition, record) };
}
