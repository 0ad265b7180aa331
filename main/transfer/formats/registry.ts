import { chatgpt } from './chatgpt.ts';
import { claude } from './claude.ts';
import type { ExportFormat } from './types.ts';

/** Every format that can be imported. The first one that recognises a conversation gets it. */
export const formats: readonly ExportFormat[] = [chatgpt, claude];
