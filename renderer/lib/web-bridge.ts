import { collectionNames } from '../../shared/collections/registry.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { ErrorData, Reply } from '../../shared/ipc/reply.ts';

/** A header that no other site can send without being asked first: the host refuses requests that lack it. */
const ownHeader = { 'X-Almanac': '1' };

/** The bridge of a page in a browser: calls are POSTs, events a stream, dropped files uploads. */
export function createWebBridge(): Bridge<File> {
  return { host: 'web', invoke, subscribe: createSubscribe(), offerFile: upload };
}

async function invoke(method: string, input: unknown): Promise<Reply> {
  try {
    const response = await fetch(`/api/${method}`, {
      method: 'POST',
      headers: { ...ownHeader, 'Content-Type': 'application/json' },
      body: JSON.stringify(input),
    });
    return replyOf(await response.text(), response.status);
  } catch {
    return failure(unreachable);
  }
}

type Listener = (payload: unknown) => void;

/**
 * One event stream for the whole page, opened with the first subscriber; the browser reconnects it by itself.
 * What happened while it was down is not told again, so that when it breaks and when it is back, everything counts as
 * changed: the page asks again, and shows whether it gets an answer.
 */
function createSubscribe(): Bridge<File>['subscribe'] {
  const changeListeners = new Set<Listener>();
  const everythingChanged = (): void => {
    for (const listener of changeListeners) listener({ collections: [...collectionNames] });
  };
  let source: EventSource | undefined;
  const openStream = (): EventSource => {
    const stream = new EventSource('/events');
    stream.addEventListener('open', () => stream.addEventListener('open', everythingChanged), { once: true });
    stream.addEventListener('error', everythingChanged);
    return stream;
  };
  return (event, listener) => {
    const stream = (source ??= openStream());
    const onMessage = (message: MessageEvent<string>): void => {
      const payload = parseJson(message.data);
      if (payload !== undefined) listener(payload);
    };
    stream.addEventListener(event, onMessage);
    if (event === 'records.changed') changeListeners.add(listener);
    return () => {
      stream.removeEventListener(event, onMessage);
      changeListeners.delete(listener);
    };
  };
}

/** XMLHttpRequest because fetch cannot tell how far an upload has come. */
function upload(file: File, onProgress?: (done: number, total: number) => void): Promise<Reply> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('X-Almanac', '1');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => onProgress?.(event.loaded, event.total));
    request.addEventListener('load', () => resolve(replyOf(request.responseText, request.status)));
    request.addEventListener('error', () => resolve(failure(unreachable)));
    request.addEventListener('abort', () => resolve(failure(unreachable)));
    request.send(file);
  });
}

/** The client parses the reply; here it only has to be one, also when something in between answered for the host. */
function replyOf(text: string, status: number): Reply {
  const parsed = parseJson(text);
  // Checked by the client's schema; the cast only names what it will be checked against.
  if (typeof parsed === 'object' && parsed !== null && 'ok' in parsed) return parsed as Reply;
  if (status === 401 || status === 403) return failure(signedOut);
  return failure({ ...unreachable, message: `Almanac answered with status ${status} and no reply.` });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(error: ErrorData): Reply {
  return { ok: false, error };
}

const unreachable: ErrorData = {
  code: 'INTERNAL',
  message: 'Almanac does not answer.',
  remedy: 'Look whether the program that opened this page is still running, then try again.',
};

const signedOut: ErrorData = {
  code: 'FORBIDDEN',
  message: 'This page is no longer signed in to Almanac.',
  remedy: 'Open the address again that Almanac printed when it started.',
};
