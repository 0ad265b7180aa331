import { AppError } from '../../shared/errors.ts';

/** A value of a memory or profile that is not allowed. `field` is the name in the record. */
export function badMemory(field: string, says: string, value: unknown, remedy: string): AppError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  return new AppError('BAD_RECORD', `The memory’s ${field} ${says}, but it is ${shown}.`, {
    remedy,
    details: { field },
  });
}

export function noSuchMemory(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no memory with the id ${id}.`, {
    remedy: 'Look at the list of memories for those there are.',
    details: { id },
  });
}

export function wrongState(id: string, state: string, wanted: string): AppError {
  return new AppError('BAD_INPUT', `The memory ${id} is ${state}; this needs one that is ${wanted}.`, {
    remedy: 'Look at the memory for what can be done with it.',
    details: { id, state },
  });
}
