import type { Handlers } from '../../shared/ipc/contract.ts';
import { memoryMethods } from '../../shared/ipc/memory.ts';
import { AppError } from '../../shared/errors.ts';

type MemoryHandlers = Pick<Handlers, keyof typeof memoryMethods>;

/** A memory in which nothing is: lists are empty, and all else a test overrides. */
export function fixtureMemoryHandlers(): MemoryHandlers {
  const names = Object.keys(memoryMethods) as (keyof MemoryHandlers)[]; // its own keys
  const refuse = async (): Promise<never> => {
    throw new AppError('NOT_SUPPORTED', 'The fixture has no memory.', { remedy: 'Override this method.' });
  };
  const refusing = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as MemoryHandlers;
  return { ...refusing, 'memory.list': async () => [], 'memory.log': async () => [] };
}
