import { join } from 'node:path';
import { textOfContent } from '../../shared/collections/content.ts';
import { isSameJson } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import { createTimeSlices } from '../lib/time-slices.ts';
import type { Actor } from '../memory/audited-writes.ts';
import type { ReadMessage } from '../memory/extract/extract.ts';
import { ruleExtractor } from '../memory/extract/extract.ts';
import { runExtractor } from '../memory/extract/extractor.ts';
import { type LogFileBytes, type LogVerdict, verifyInSlices } from '../memory/log/verify.ts';
import { createMemory } from '../memory/memory.ts';
import type { RedactionChoice } from '../memory/redact.ts';
import type { MemoryService, Proposed } from '../memory/types.ts';
import { nodeFs } from '../store/node-fs.ts';
import type { Vault } from '../store/types.ts';
import { purgingOf } from './purging.ts';
import { changeRedaction, readRedaction } from './redaction.ts';

/** The memory of an open vault, and what needs more of the vault than the Store. */
export interface MemoryPart {
  readonly service: MemoryService;
  /** Checks the log's files as they lie on disk. */
  verify(): Promise<LogVerdict>;
  /** Proposes what the rules find in messages. */
  extract(conversationId?: string): Promise<Proposed>;
  /** The rules about personal data; those given are changed. What they say about synchronising holds at once. */
  redaction(change: Partial<RedactionChoice>): Promise<RedactionChoice>;
}

const HOLDER: Actor = { who: 'USER:local', why: 'The rules about personal data were changed.' };
const EXTRACTOR: Actor = { who: 'RULES:extractor', why: 'Found in a message.' };

/** @param purgeSearch takes these records' words out of the search index; see main/search/purge.ts */
export function openMemory(
  vault: Vault,
  clock: Clock,
  purgeSearch: (keys: readonly string[]) => Promise<void>,
): MemoryPart {
  const { replica } = vault.ledger();
  const service = createMemory({
    store: vault,
    clock,
    replica,
    purging: purgingOf(vault, purgeSearch),
    redaction: () => readRedaction(vault),
  });
  return {
    service,
    async verify() {
      await vault.settleFiles();
      return verifyInSlices(logFiles(vault), replica, createTimeSlices());
    },
    async redaction(change) {
      const before = readRedaction(vault);
      if (Object.keys(change).length === 0) return before;
      const choice = changeRedaction(vault, change);
      if (!isSameJson([before.sync, before.own], [choice.sync, choice.own])) await service.reviewHolds(HOLDER);
      return choice;
    },
    async extract(conversationId) {
      const filter =
        conversationId === undefined ? { role: 'user' } : { role: 'user', conversation_id: conversationId };
      const messages: ReadMessage[] = [];
      for await (const { id, conversation_id, role, content, created_at } of vault
        .collection('messages')
        .stream(filter)) {
        messages.push({ id, conversation_id, role, text: textOfContent(content), created_at });
      }
      const { proposals } = await runExtractor(ruleExtractor, messages);
      return service.propose(proposals, EXTRACTOR);
    },
  };
}

/** One at a time, oldest first. */
function* logFiles(vault: Vault): Generator<LogFileBytes> {
  const paths = [...vault.files(['memory_events'])].map(({ path }) => path).sort();
  for (const path of paths) yield { path, bytes: nodeFs.readFile(join(vault.root, path)) };
}
