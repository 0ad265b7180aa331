import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, cancelled } from '../../shared/errors.ts';
import type { Filter, Store } from '../../shared/store/store.ts';
import { conversationToJson, conversationToMarkdown } from '../conversations/export-one.ts';
import { exportFileName } from '../conversations/file-name.ts';
import type { ConversationRecord, MessageRecord } from '../conversations/records.ts';
import type { JobOptions } from './types.ts';

export interface ExportRequest {
  readonly store: Store;
  /** Which conversations, by their own fields; `{}` for all. */
  readonly filter: Filter;
  readonly format: 'markdown' | 'json';
  /** markdown: a folder, made where absent, that gets one file each. json: a file; in a folder that exists, `conversations.json`. */
  readonly path: string;
  /** What becomes of a record in the copy: what the person does not want given away is taken out. Absent: as it is. */
  readonly redact?: <T extends object>(collection: 'conversations' | 'messages', record: T) => T;
}

export interface ExportReport {
  readonly conversations: number;
  readonly messages: number;
  /** The folder or file that was written. */
  readonly path: string;
}

/**
 * Writes many conversations with all their messages, one in memory at a time. A file is written beside its place and
 * renamed into it, so that none is ever half there; nobody else's file is overwritten by a folder of Markdown.
 * DISK_FULL, DISK_ERROR, PATH_REFUSED, CANCELLED.
 */
export async function exportConversations(request: ExportRequest, options: JobOptions = {}): Promise<ExportReport> {
  try {
    return request.format === 'markdown' ? await toFolder(request, options) : await toFile(request, options);
  } catch (error) {
    throw exportError(error, request.path);
  }
}

interface Whole {
  readonly conversation: ConversationRecord;
  readonly messages: readonly MessageRecord[];
}

async function* wholeConversations(
  { store, filter, redact = (_collection, record) => record }: ExportRequest,
  { signal, onProgress }: JobOptions,
): AsyncGenerator<Whole> {
  const conversations = store.collection('conversations');
  const total = await conversations.count(filter);
  let done = 0;
  for await (const conversation of conversations.stream(filter, { sort: { created_at: 1, id: 1 } })) {
    if (signal?.aborted) throw cancelled(signal.reason);
    const messages = await store.collection('messages').find({ conversation_id: conversation.id });
    yield {
      conversation: redact('conversations', conversation),
      messages: messages.map((message) => redact('messages', message)),
    };
    done += 1;
    onProgress?.({ phase: 'writing', done, total, unit: 'conversations' });
  }
}

async function toFolder(request: ExportRequest, options: JobOptions): Promise<ExportReport> {
  await mkdir(request.path, { recursive: true });
  const names = await folderNames(request.path);
  let [conversations, messages] = [0, 0];
  for await (const whole of wholeConversations(request, options)) {
    const path = join(request.path, await freeName(request.path, whole.conversation, names));
    await writeWhole(path, (file) => file.writeFile(conversationToMarkdown(whole.conversation, whole.messages)));
    conversations += 1;
    messages += whole.messages.length;
  }
  return { conversations, messages, path: request.path };
}

/** Names in a folder as a disk that folds case sees them, each with its real name; null for those of this export. */
type FolderNames = Map<string, string | null>;

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

async function folderNames(folder: string): Promise<FolderNames> {
  return new Map((await readdir(folder)).map((name) => [folded(name), name]));
}

/** A name that neither this export nor somebody else's file has; an earlier export of the same conversation is replaced. */
async function freeName(folder: string, conversation: ConversationRecord, names: FolderNames): Promise<string> {
  const plain = exportFileName(conversation, 'md');
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? plain : plain.replace(/\.md$/, ` (${count}).md`);
    const standing = names.get(folded(name));
    if (standing === null) continue;
    if (standing !== undefined && !(await isExportOf(join(folder, standing), conversation.id))) continue;
    names.set(folded(name), null);
    return standing ?? name;
  }
}

async function isExportOf(path: string, id: string): Promise<boolean> {
  if (!(await stat(path)).isFile()) return false;
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2048), 0, 2048, 0);
    return buffer.toString('utf8', 0, bytesRead).startsWith(`---\nid: ${JSON.stringify(id)}\n`);
  } finally {
    await handle.close();
  }
}

async function toFile(request: ExportRequest, options: JobOptions): Promise<ExportReport> {
  const facts = await stat(request.path).catch(() => null);
  const path = facts?.isDirectory() ? join(request.path, 'conversations.json') : request.path;
  let [conversations, messages] = [0, 0];
  await writeWhole(path, async (file) => {
    await file.write('[');
    for await (const whole of wholeConversations(request, options)) {
      const text = conversationToJson(whole.conversation, whole.messages).trimEnd();
      await file.write(`${conversations === 0 ? '' : ','}\n${text}`);
      conversations += 1;
      messages += whole.messages.length;
    }
    await file.write(conversations === 0 ? ']\n' : '\n]\n');
  });
  return { conversations, messages, path };
}

/** Beside its place, made durable, then renamed: either the old file stands there or the whole new one. */
async function writeWhole(path: string, write: (file: FileHandle) => Promise<unknown>): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const file = await open(unfinished, 'w');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function exportError(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', `The disk that holds ${path} is full.`, {
      remedy: 'Free some space or choose another place, and export again.',
      cause: error,
    });
  }
  if (['ENOTDIR', 'EISDIR', 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(code)) {
    return new AppError('PATH_REFUSED', `Nothing can be written to ${path} (${code}).`, {
      remedy: 'Choose a folder for Markdown or a file for JSON, in a place that you may write to.',
      cause: error,
    });
  }
  return code === ''
    ? error
    : new AppError('DISK_ERROR', `Writing ${path} failed (${code}).`, {
        remedy: 'Check the disk and export again.',
        cause: error,
      });
}
