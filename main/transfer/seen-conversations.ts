import type { MappedConversation } from './to-records.ts';

interface Seen {
  readonly sha256: string;
  readonly updatedAt: string;
  readonly format_version: string;
  /** 48 bits of each message's id: an archive may hold millions. */
  messages: Float64Array;
}

/**
 * The conversations that this archive has already brought: some archives hold one twice, as a shard and as a file of its
 * own, or in two versions. Eight bytes a message, so that it stays small for the largest archive.
 */
export class SeenConversations {
  readonly #seen = new Map<string, Seen>();

  get(sourceId: string): Omit<Seen, 'messages'> | null {
    return this.#seen.get(sourceId) ?? null;
  }

  hasMessage(sourceId: string, messageId: string): boolean {
    return this.#seen.get(sourceId)?.messages.includes(shortOf(messageId)) ?? false;
  }

  /** Remembers the newer version, and the messages of both. */
  add(mapped: MappedConversation): void {
    const { source_id, sha256, updated_at, format_version } = mapped.record.source;
    const earlier = this.#seen.get(source_id);
    const messages = mapped.messages.map((message) => shortOf(message.id));
    const isNewest = !earlier || updated_at > earlier.updatedAt;
    this.#seen.set(source_id, {
      sha256: isNewest ? sha256 : earlier.sha256,
      updatedAt: isNewest ? updated_at : earlier.updatedAt,
      format_version: isNewest ? format_version : earlier.format_version,
      messages: Float64Array.from(earlier ? new Set([...earlier.messages, ...messages]) : messages),
    });
  }
}

/** The first 12 hexadecimal digits of a UUID. */
function shortOf(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}
