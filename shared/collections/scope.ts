import { z } from 'zod';

/** Where one record may go: private never leaves the vault, device stays on this machine, team syncs. */
export const RecordScope = z.enum(['private', 'device', 'team']);
export type RecordScope = z.infer<typeof RecordScope>;
