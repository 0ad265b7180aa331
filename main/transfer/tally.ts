import type { ImportPlan, PlanRow } from '../../shared/ipc/models.ts';
import type { ConversationPlan } from './plan-conversation.ts';

type Counts = Pick<ImportPlan, 'seen' | 'created' | 'updated' | 'skipped' | 'failed' | 'messages' | 'attachments'>;

export interface MemoryCounts {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
}

/** Counts what an import does. `seen = created + updated + skipped + failed.length` holds at any time. */
export class Tally {
  #rows: PlanRow[] = [];
  readonly #failed: { source_id: string; reason: string }[] = [];
  readonly #conversations = { create: 0, update: 0, skip: 0 };
  readonly #messages = { seen: 0, created: 0, updated: 0 };
  readonly #memories = { created: 0, updated: 0, skipped: 0 };
  #attachments = 0;

  fail(sourceId: string, reason: string, title = ''): void {
    this.#failed.push({ source_id: sourceId, reason });
    this.#rows.push({
      source_id: sourceId,
      title,
      created_at: null,
      action: 'fail',
      note: reason,
      messages: 0,
      new_messages: 0,
    });
  }

  count(
    about: Pick<PlanRow, 'source_id' | 'title' | 'created_at' | 'messages'>,
    plan: ConversationPlan,
    attachments: number,
  ): void {
    this.#conversations[plan.action] += 1;
    this.#messages.seen += about.messages;
    this.#messages.created += plan.created.length;
    this.#messages.updated += plan.updated;
    this.#attachments += attachments;
    this.#rows.push({ ...about, action: plan.action, note: plan.note, new_messages: plan.created.length });
  }

  countMemory(action: keyof MemoryCounts): void {
    this.#memories[action] += 1;
  }

  /** The rows since the last call. */
  takeRows(): PlanRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  get failures(): number {
    return this.#failed.length;
  }

  get memories(): MemoryCounts {
    return { ...this.#memories };
  }

  get counts(): Counts {
    const { create, update, skip } = this.#conversations;
    const { seen, created, updated } = this.#messages;
    return {
      seen: create + update + skip + this.#failed.length,
      created: create,
      updated: update,
      skipped: skip,
      failed: this.#failed,
      messages: { seen, created, updated, skipped: seen - created - updated },
      attachments: this.#attachments,
    };
  }
}
