import { AppError, cancelled, toAppError } from '../../shared/errors.ts';
import type { TeamStatus } from '../../shared/ipc/team.ts';
import { openParts, type OpenParts } from '../app/open-parts.ts';
import { vaultLocation } from '../app/vault-location.ts';
import type { RequestInput, RequestName, RequestOutput, WorkOptions } from '../handover/requests.ts';
import { stderrLog } from '../lib/log.ts';
import type { CliContext, GlobalOptions } from './context.ts';

export interface AskOptions extends WorkOptions {
  /** What to do where there is no vault; by default refuse. */
  readonly missing?: 'create' | 'refuse';
  /** Open it even where its log is damaged, with what is certain. */
  readonly salvage?: boolean;
}

/** For one and the same holder of the vault that cannot be asked: another command, or one that starts or ends. */
const USUAL_PATIENCE_MS = 15_000;
/** And for all holders together, while they come and go. */
const LONGEST_WAIT_MS = 60_000;

export const session = {
  /** For commands that only read: beside a running app, changing nothing. */
  async read<T>(context: CliContext, options: GlobalOptions, work: (parts: OpenParts) => Promise<T>): Promise<T> {
    const parts = await open(context, options, 'reader', 'refuse');
    try {
      return await work(parts);
    } finally {
      await parts.close();
    }
  },

  /** For long looks at a vault: by the process that has it open, which knows what is under way, else here, read-only. */
  async look<R extends RequestName>(
    context: CliContext,
    options: GlobalOptions,
    request: R,
    input: RequestInput<R>,
    how: AskOptions = {},
  ): Promise<RequestOutput<R>> {
    const { createOwnerWork } = await import('../app/owner-work.ts');
    const { askOwner } = await import('../handover/ask-owner.ts');
    return session.read(context, options, async (parts) => {
      const isOpen = parts.vault.owner() !== null;
      const answer = isOpen ? await askOwner(parts.vault.root, request, input, how) : null;
      return answer?.kind === 'done' ? answer.value : createOwnerWork(parts)[request](input, how);
    });
  },

  /**
   * Reconciles until Ctrl-C, telling each status. Where another process has the vault open, that one does the work and
   * is asked how it goes.
   */
  async watchTeam(context: CliContext, options: GlobalOptions, tell: (status: TeamStatus) => void): Promise<void> {
    let parts: OpenParts | undefined;
    try {
      parts = await open(context, options, 'owner', 'refuse');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'VAULT_LOCKED') throw error;
    }
    try {
      const team = await parts?.team();
      while (!context.signal.aborted) {
        await team?.sync({ signal: context.signal }).catch(onlyAway);
        tell(await (team ? team.status() : session.ask(context, options, 'team.status', {})));
        await paused(WATCH_MS, context.signal);
      }
    } finally {
      await parts?.close();
    }
  },

  /**
   * For commands that change something: done by whoever owns the vault. That is this process where nobody has it open,
   * else the one that has, over its socket.
   *
   * @throws VAULT_LOCKED where the owner cannot be asked; CANCELLED on Ctrl-C while it is waited for
   */
  async ask<R extends RequestName>(
    context: CliContext,
    options: GlobalOptions,
    request: R,
    input: RequestInput<R>,
    how: AskOptions = {},
  ): Promise<RequestOutput<R>> {
    const patience = createPatience(context);
    for (;;) {
      const attempt = await doOrAsk(context, options, request, input, how);
      if (attempt.kind === 'done') return attempt.value;
      if (!patience.has(attempt.locked)) throw attempt.locked;
      await patience.pause();
      if (context.signal.aborted) throw cancelled();
    }
  },
};

/** A server that is away comes back; anything else ends the watching. */
function onlyAway(error: unknown): void {
  const { code } = toAppError(error);
  if (code !== 'CANCELLED' && !AWAY.has(code)) throw error;
}
const AWAY: ReadonlySet<string> = new Set([
  'REMOTE_AWAY',
  'REMOTE_REFUSED',
  'REMOTE_TIMED_OUT',
  'REMOTE_NOT_FOUND',
  'REMOTE_FAILED',
]);
const WATCH_MS = 2_000;

function paused(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

function open(
  context: CliContext,
  options: GlobalOptions,
  access: 'reader' | 'owner',
  missing: 'create' | 'refuse',
  salvage = false,
): Promise<OpenParts> {
  const vaultPath = vaultLocation(options.vault);
  return openParts({ vaultPath, access, missing, clock: context.clock, log: stderrLog, salvage });
}

type Attempt<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'locked'; readonly locked: AppError };

async function doOrAsk<R extends RequestName>(
  context: CliContext,
  options: GlobalOptions,
  request: R,
  input: RequestInput<R>,
  how: AskOptions,
): Promise<Attempt<RequestOutput<R>>> {
  let parts: OpenParts;
  try {
    parts = await open(context, options, 'owner', how.missing ?? 'refuse', how.salvage);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'VAULT_LOCKED') throw error;
    return askLiveOwner(vaultLocation(options.vault), error, request, input, how);
  }
  try {
    const { createOwnerWork } = await import('../app/owner-work.ts');
    return { kind: 'done', value: await createOwnerWork(parts)[request](input, how) };
  } finally {
    await parts.close();
  }
}

async function askLiveOwner<R extends RequestName>(
  root: string,
  locked: AppError,
  request: R,
  input: RequestInput<R>,
  how: AskOptions,
): Promise<Attempt<RequestOutput<R>>> {
  const { askOwner } = await import('../handover/ask-owner.ts');
  const answer = await askOwner(root, request, input, how);
  return answer.kind === 'done' ? answer : { kind: 'locked', locked: withCause(locked, answer.cause) };
}

function withCause(locked: AppError, cause: unknown): AppError {
  return new AppError(locked.code, locked.message, {
    remedy: locked.remedy,
    details: locked.details,
    cause: toAppError(cause),
  });
}

/** Waits as long as holders come and go; one that stays and cannot be asked is not waited for. A person is told. */
function createPatience(context: CliContext): { has(locked: AppError): boolean; pause(): Promise<void> } {
  const { patienceMs = USUAL_PATIENCE_MS, signal } = context;
  const startedMs = performance.now();
  let holder = '';
  let sinceMs = startedMs;
  let isTold = !context.isWatched;
  return {
    has(locked) {
      const nowMs = performance.now();
      const now = JSON.stringify(locked.details);
      if (now !== holder) [holder, sinceMs] = [now, nowMs];
      const isLeft = nowMs - sinceMs < patienceMs && nowMs - startedMs < LONGEST_WAIT_MS;
      if (isLeft && !isTold) {
        isTold = true;
        context.note(`${locked.message} Waiting for it to end; Ctrl-C stops.\n`);
      }
      return isLeft;
    },
    // Not in step with others that wait for the same.
    pause: () => paused(50 + Math.random() * 150, signal),
  };
}
