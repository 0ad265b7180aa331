import { z } from 'zod';
import { Progress } from '../../shared/ipc/models.ts';
import { ErrorData } from '../../shared/ipc/reply.ts';

/**
 * How another process of the same person asks the owner of a vault for a change: one JSON value a line, over a local
 * socket, one request a connection.
 *
 *     asks                          answers
 *     Hello {version, token}   →
 *                              ←    {kind: 'welcome'}                      or {kind: 'failed'}, and the end
 *     Request {request, input} →
 *                              ←    {kind: 'progress', …}                  as often as there is any
 *                              ←    {kind: 'done', value}                  or {kind: 'failed', error}, and the end
 *
 * Ending the connection before the answer cancels the work.
 */
export const PROTOCOL_VERSION = 1;

/** Before the token was seen nobody may make the owner keep more than this. */
export const MAX_HELLO_BYTES = 1_024;
/** A request is held in memory whole, and checked; larger amounts are what imports are for. */
export const MAX_REQUEST_BYTES = 64 * 1024 * 1024;
/** An answer may list every finding of a doctor or every kept record of an undo. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Only `version` is looked at first, so that later versions may change the rest. */
export const Hello = z.looseObject({ version: z.int(), token: z.string() });
export const Request = z.strictObject({ request: z.string(), input: z.unknown() });
export const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('welcome') }),
  z.object({ kind: z.literal('progress'), progress: Progress.omit({ job_id: true }) }),
  z.object({ kind: z.literal('done'), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: ErrorData }),
]);
export type Answer = z.infer<typeof Answer>;

/** `_socket.json` in the vault, readable by its owner only: where to knock, and what to show. */
export const Door = z.object({
  version: z.int(),
  /** A unix socket, or a named pipe on Windows. */
  path: z.string().min(1),
  /** Drawn anew each time the vault is opened. */
  token: z.string().min(32),
  pid: z.int(),
});
export type Door = z.infer<typeof Door>;
