import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addMemoryChanges } from './memory-changes.ts';
import { addMemoryLog } from './memory-log.ts';
import { addMemoryPrivacy } from './memory-privacy.ts';
import { addMemoryReading } from './memory-reading.ts';

/** What is remembered of a person: `almanac memory …`. */
export function addMemory(program: Command, context: CliContext): void {
  const memory = program.command('memory').description('what is remembered about you, why, and what became of it');
  addMemoryChanges(memory, context);
  addMemoryReading(memory, context);
  addMemoryLog(memory, context);
  addMemoryPrivacy(memory, context);
}
