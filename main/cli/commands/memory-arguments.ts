import { InvalidArgumentError } from 'commander';
import { memoryTypes, type MemoryState, memoryStates, type MemoryType } from '../../../shared/collections/memories.ts';
import { RecordScope } from '../../../shared/collections/scope.ts';

const SHORT: Readonly<Record<string, MemoryType>> = {
  fact: 'USER_FACT',
  pattern: 'USER_PATTERN',
  narrative: 'SHARED_NARRATIVE',
};

/** USER_FACT or fact, and so on. @throws bad usage */
export function memoryType(text: string): MemoryType {
  const type = SHORT[text.toLowerCase()] ?? memoryTypes.find((known) => known === text.toUpperCase());
  if (type) return type;
  throw new InvalidArgumentError(`It must be one of ${[...memoryTypes, ...Object.keys(SHORT)].join(', ')}.`);
}

/** @throws bad usage */
export function memoryState(text: string): MemoryState {
  const state = memoryStates.find((known) => known === text);
  if (state) return state;
  throw new InvalidArgumentError(`It must be one of ${memoryStates.join(', ')}.`);
}

/** A number, for the memory's own rules to judge. @throws bad usage */
export function decimal(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number, for example 0.85.');
}

/** @throws bad usage */
export function recordScope(text: string): RecordScope {
  const scope = RecordScope.safeParse(text);
  if (scope.success) return scope.data;
  throw new InvalidArgumentError('It must be private, device or team.');
}

/** An option that may be given several times. */
export function each(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
