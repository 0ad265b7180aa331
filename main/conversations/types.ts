import type { Input, Output } from '../../shared/ipc/contract.ts';

/** What the screen and the command line do with conversations; shapes are the contract's. */
export interface Conversations {
  days(input: Input<'conversations.days'>): Promise<Output<'conversations.days'>>;
  list(input: Input<'conversations.list'>): Promise<Output<'conversations.list'>>;
  tags(): Promise<Output<'conversations.tags'>>;
  thread(input: Input<'conversations.thread'>): Promise<Output<'conversations.thread'>>;
  create(input: Input<'conversations.create'>): Promise<Output<'conversations.create'>>;
  update(input: Input<'conversations.update'>): Promise<Output<'conversations.update'>>;
  chooseBranch(input: Input<'conversations.choose_branch'>): Promise<Output<'conversations.choose_branch'>>;
  delete(input: Input<'conversations.delete'>): Promise<Output<'conversations.delete'>>;
  undelete(input: Input<'conversations.undelete'>): Promise<Output<'conversations.undelete'>>;
  append(input: Input<'messages.append'>): Promise<Output<'messages.append'>>;
  /** One conversation's chosen branch as Markdown, or the whole of it as JSON. */
  exportOne(input: Input<'conversations.export'>): Promise<Output<'conversations.export'>>;
}
