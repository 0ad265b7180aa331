import { createStaging } from '../../main/store/staging.ts';
import { openVault } from '../../main/store/vault.ts';
import { randomText } from './random-text.ts';

export interface ChatVaultSize {
  readonly conversations: number;
  /** In each conversation. */
  readonly messages: number;
  /** Between the beginnings of two conversations; 4 where it is not said. */
  readonly hoursApart?: number;
}

const firstDay = Date.UTC(2024, 0, 1);

/** Fills a new vault through one staged batch. Returns the milliseconds that the batch took. */
export async function buildChatVault(root: string, size: ChatVaultSize): Promise<number> {
  const vault = await openVault({ root, mode: 'owner', create: true });
  const staging = createStaging(vault.stagingRoot, 'bench');
  const text = randomText(1);
  for (let chat = 0; chat < size.conversations; chat += 1) stageConversation(staging, chat, size, text);
  const started = performance.now();
  await vault.ingest(staging.finish(), { source: 'import' });
  const ms = performance.now() - started;
  await vault.close();
  return ms;
}

function stageConversation(
  staging: ReturnType<typeof createStaging>,
  chat: number,
  { messages, hoursApart = 4 }: ChatVaultSize,
  text: ReturnType<typeof randomText>,
): void {
  const startMs = firstDay + chat * hoursApart * 3_600_000;
  const id = `chat-${chat}`;
  const dates = (ms: number) => ({ created_at: new Date(ms).toISOString(), updated_at: new Date(ms).toISOString() });
  const title = text.words(4);
  staging.write({ op: 'put', collection: 'conversations', record: { id, title, tags: [], ...dates(startMs) } });
  for (let at = 0; at < messages; at += 1) {
    const record = {
      id: `${id}-${at}`,
      conversation_id: id,
      role: at % 2 === 0 ? 'user' : 'assistant',
      content: text.words(30 + ((chat * 7 + at * 13) % 400)),
      parent_id: at === 0 ? null : `${id}-${at - 1}`,
      ...dates(startMs + at * 60_000),
    };
    staging.write({ op: 'put', collection: 'messages', record });
  }
}
