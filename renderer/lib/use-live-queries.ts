import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { MethodName, Output } from '../../shared/ipc/contract.ts';
import { useEvent } from './use-event.ts';
import { invalidateMethods, methodKey } from './use-method.ts';

/** Whose answers change with the records of a collection. */
const readersOf: Readonly<Record<string, readonly MethodName[]>> = {
  conversations: [
    'conversations.list',
    'conversations.days',
    'conversations.tags',
    'conversations.thread',
    'search.query',
    'vault.status',
    'trash.list',
  ],
  messages: [
    'conversations.thread',
    'conversations.list',
    'conversations.days',
    'search.query',
    'vault.status',
    'trash.list',
  ],
  imports: ['import.list', 'vault.status'],
  memories: [
    'memory.list',
    'memory.show',
    'memory.why',
    'memory.of_conversation',
    'memory.log',
    'search.query',
    'vault.status',
    'trash.list',
  ],
  memory_events: ['memory.log', 'memory.log_days', 'memory.as_of', 'memory.compare'],
  profiles: ['memory.profile'],
  memory_hubs: ['memory.hubs'],
  episodic_memory: ['memory.episodes', 'memory.episode'],
  runtime_snapshots: ['memory.snapshots', 'memory.snapshot'],
  conflicts: ['conflicts.list', 'team.status'],
};

/** Keeps cached answers true: asks again for what main says has changed. Mounted once, at the root. */
export function useLiveQueries(): void {
  const queries = useQueryClient();
  const [invalidate] = useState(() => createBatcher((methods) => invalidateMethods(queries, methods)));
  useEffect(() => invalidate.stop, [invalidate]);
  useEvent('records.changed', ({ collections }) =>
    invalidate.add(collections.flatMap((name) => readersOf[name] ?? [])),
  );
  useEvent('vault.status', (status) => {
    const before = queries.getQueryData<Output<'vault.status'>>(methodKey('vault.status', {}));
    if (before?.quarantined !== status.quarantined) invalidateMethods(queries, ['quarantine.list']);
    queries.setQueryData(methodKey('vault.status', {}), status);
    // What could not be read while the folder was away can be read again.
    if (before?.trouble && !status.trouble) void queries.invalidateQueries();
  });
  useEvent('team.status', (status) => {
    const before = queries.getQueryData<Output<'team.status'>>(methodKey('team.status', {}));
    queries.setQueryData(methodKey('team.status', {}), status);
    invalidateMethods(queries, ['team.events']);
    // What was exchanged meanwhile shows in the calendar; each day costs a look, so only when all is done.
    if (before?.state !== status.state) invalidateMethods(queries, ['team.days', 'vault.status']);
  });
  useEvent('search.coverage', (coverage) => mergeCoverage(queries, coverage));
}

/** An import changes records many times a second: the first change is followed at once, the next ones together. */
const batchMs = 150;

interface Batcher {
  readonly add: (methods: readonly MethodName[]) => void;
  readonly stop: () => void;
}

function createBatcher(flush: (methods: readonly MethodName[]) => void): Batcher {
  const waiting = new Set<MethodName>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flushWaiting = (): void => {
    timer = undefined;
    if (waiting.size === 0) return;
    const methods = [...waiting];
    waiting.clear();
    timer = setTimeout(flushWaiting, batchMs);
    flush(methods);
  };
  return {
    add: (methods) => {
      for (const method of methods) waiting.add(method);
      if (timer === undefined) flushWaiting();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

function mergeCoverage(queries: QueryClient, coverage: Output<'search.rebuild'>): void {
  const key = methodKey('vault.status', {});
  const before = queries.getQueryData<Output<'vault.status'>>(key);
  if (before) queries.setQueryData(key, { ...before, search: coverage });
  // What a search could not see before the index was complete it can see now.
  if (coverage.state === 'ready' && before?.search.state !== 'ready') invalidateMethods(queries, ['search.query']);
}
