import { registry } from '../../shared/collections/registry.ts';
import { RedactionChoice as Stored } from '../../shared/ipc/memory.ts';
import type { Log } from '../lib/log.ts';
import {
  type RedactionChoice,
  USUAL_REDACTION,
  checkChoice,
  hasRules,
  redact,
  redactDeep,
  rulesFor,
} from '../memory/redact.ts';
import type { AppFiles } from './settings.ts';

/** `_redaction.json` in the vault. */
const FILE = 'redaction';

/** What is taken out of copies that leave. A file that cannot be read takes out everything that is known: rather too much. */
export function readRedaction(files: Pick<AppFiles, 'readAppFile'>): RedactionChoice {
  try {
    const stored = files.readAppFile(FILE);
    if (stored === null) return USUAL_REDACTION;
    const choice = Stored.parse(stored);
    checkChoice(choice);
    return choice;
  } catch {
    const { logs } = USUAL_REDACTION;
    return { logs, sync: logs, exports: logs, own: [] };
  }
}

/** @throws BAD_INPUT for a pattern or a name that cannot be used; nothing has changed then */
export function changeRedaction(files: AppFiles, change: Partial<RedactionChoice>): RedactionChoice {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const next = { ...readRedaction(files), ...Object.fromEntries(given) } as RedactionChoice;
  checkChoice(next);
  if (given.length > 0) files.writeAppFile(FILE, next);
  return next;
}

/** A record without what the rules for exports find in its personal fields; the record itself where there are none. */
export function redactedForExport(
  files: Pick<AppFiles, 'readAppFile'>,
): <T extends object>(collection: 'conversations' | 'messages', record: T) => T {
  const rules = rulesFor(readRedaction(files), 'exports');
  if (!hasRules(rules)) return (_collection, record) => record;
  return <T extends object>(collection: 'conversations' | 'messages', record: T): T => {
    const fields = new Set<string>(registry[collection].personal);
    const entries = Object.entries(record).map(([field, value]): [string, unknown] =>
      fields.has(field) ? [field, redactDeep<unknown>(value, rules)] : [field, value],
    );
    return Object.fromEntries(entries) as T;
  };
}

/** Diagnostics name no text of a record's; what a system's message quotes all the same is taken out here. */
export function redactingLog(log: Log, choice: () => RedactionChoice): Log {
  const cleaned = (facts: Parameters<Log['info']>[1]): Parameters<Log['info']>[1] => {
    const rules = rulesFor(choice(), 'logs');
    const entries = Object.entries(facts ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? redact(value, rules).text : value,
    ]);
    return Object.fromEntries(entries) as Parameters<Log['info']>[1];
  };
  return {
    info: (message, facts) => log.info(message, facts && cleaned(facts)),
    warn: (message, facts) => log.warn(message, facts && cleaned(facts)),
  };
}
