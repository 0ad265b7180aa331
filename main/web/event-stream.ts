import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { collectionNames } from '../../shared/collections/registry.ts';
import type { Announcement, Broadcast } from '../ipc/broadcast.ts';
import { sealedPolicy } from '../page/content-security-policy.ts';
import { guardHeaders } from '../page/page-response.ts';

/** Server-sent events to every open page. A page that was away a short while gets what it missed. */
export interface EventStream {
  /** Keeps the response open; `lastEventId` is what the browser sends when it reconnects. */
  attach(response: ServerResponse, lastEventId: string | undefined): void;
  close(): void;
}

const heartbeatMs = 15_000;
const keptEvents = 500;
/** A page that does not read is let go; it reconnects and resumes, or reads everything anew. */
const maxBufferedBytes = 4 * 1024 * 1024;

export function createEventStream(events: Pick<Broadcast, 'subscribe'>): EventStream {
  const open = new Set<ServerResponse>();
  /** Ids of an earlier run of the server mean nothing to this one. */
  const run = randomBytes(6).toString('hex');
  const kept: { readonly number: number; readonly text: string }[] = [];
  let newest = 0;

  const write = (response: ServerResponse, text: string): void => {
    if (response.writableLength > maxBufferedBytes) response.destroy();
    else response.write(text);
  };
  const unsubscribe = events.subscribe((announcement) => {
    newest += 1;
    const text = format(announcement, `${run}-${newest}`);
    kept.push({ number: newest, text });
    if (kept.length > keptEvents) kept.shift();
    for (const response of open) write(response, text);
  });
  const heartbeat = setInterval(() => {
    for (const response of open) write(response, ': still here\n\n');
  }, heartbeatMs).unref();

  const missedSince = (lastEventId: string): string => {
    const [itsRun, number] = lastEventId.split('-');
    const seen = Number(number);
    const oldest = kept[0]?.number ?? newest + 1;
    if (itsRun !== run || !Number.isInteger(seen) || seen > newest || seen + 1 < oldest) return everythingChanged;
    return kept
      .filter((event) => event.number > seen)
      .map((event) => event.text)
      .join('');
  };

  return {
    attach(response, lastEventId) {
      response.writeHead(200, {
        ...guardHeaders,
        'content-security-policy': sealedPolicy,
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      });
      response.write(`retry: 1000\nid: ${run}-${newest}\n\n`);
      if (lastEventId !== undefined) response.write(missedSince(lastEventId));
      open.add(response);
      response.on('close', () => open.delete(response));
    },
    close() {
      unsubscribe();
      clearInterval(heartbeat);
      for (const response of open) response.end();
      open.clear();
    },
  };
}

function format({ event, payload }: Announcement, id: string): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(payload)}\n\n`;
}

/** For a page that was away too long: it reads what it shows again. */
const everythingChanged = `event: records.changed\ndata: ${JSON.stringify({ collections: collectionNames })}\n\n`;
