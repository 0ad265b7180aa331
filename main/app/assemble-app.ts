import type { Handlers } from '../../shared/ipc/contract.ts';
import type { Settings } from '../../shared/ipc/models.ts';
import { createBroadcast, type Broadcast } from '../ipc/broadcast.ts';
import { createJobs } from '../ipc/jobs.ts';
import { createRouter, type Dispatch } from '../ipc/router.ts';
import { silentLog, type Log } from '../lib/log.ts';
import { announce } from './announce.ts';
import { conversationHandlers } from './conversation-handlers.ts';
import { systemClock } from '../lib/clock.ts';
import { createFileHandles, type FileHandles } from './file-handles.ts';
import { importHandlers } from './import-handlers.ts';
import { createOutside } from './outside-edits.ts';
import { memoryHandlers } from './memory-handlers.ts';
import type { AppParts } from './parts.ts';
import type { HostActions } from './ports.ts';
import { searchHandlers } from './search-handlers.ts';
import { readSettings } from './settings.ts';
import { teamHandlers } from './team-handlers.ts';
import { upkeepHandlers } from './upkeep-handlers.ts';
import { vaultHandlers } from './vault-handlers.ts';

export interface AppContext {
  readonly host?: HostActions;
  readonly log?: Log;
}

/** The app without a screen: doors bind `dispatch` and `events` to theirs, and the command line uses the parts. */
export interface App extends AppParts {
  readonly handlers: Handlers;
  readonly dispatch: Dispatch;
  readonly events: Pick<Broadcast, 'subscribe'>;
  /** Where hosts hand in files that the person chose, dropped or uploaded. */
  readonly files: FileHandles;
  settings(): Settings;
  /** Ends running jobs, then writes out and closes everything. May be called twice. */
  close(): Promise<void>;
}

/** Wires opened parts together; no logic of its own. */
export function assembleApp(parts: AppParts, { host = {}, log = silentLog }: AppContext = {}): App {
  const jobs = createJobs();
  const files = createFileHandles(log);
  const events = createBroadcast(log);
  const outside = createOutside({
    vault: parts.vault,
    clock: systemClock,
    log,
    onChange: (edits) => events.emit('outside.changed', edits),
  });
  const handlers: Handlers = {
    ...outside.handlers,
    ...vaultHandlers(parts, host),
    ...conversationHandlers(parts.conversations),
    ...searchHandlers(parts.search),
    ...importHandlers({
      transfer: parts.transfer,
      files,
      jobs,
      host,
      onProgress: (progress) => events.emit('job.progress', progress),
    }),
    ...memoryHandlers({ memory: async () => parts.memory, store: parts.vault, source: 'app' }),
    ...upkeepHandlers({
      upkeep: parts.upkeep,
      jobs,
      onProgress: (progress) => events.emit('job.progress', progress),
      onFinding: (finding) => events.emit('doctor.finding', finding),
    }),
    ...teamHandlers({ team: parts.team, jobs, onProgress: (progress) => events.emit('job.progress', progress) }),
  };
  const silence = announce(parts, events, log);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    silence();
    outside.stop();
    await jobs.close();
    await files.close();
    await parts.close();
  };
  return {
    ...parts,
    handlers,
    dispatch: createRouter(handlers, { log }),
    events,
    files,
    settings: () => readSettings(parts.vault),
    close: () => (closing ??= close()),
  };
}
