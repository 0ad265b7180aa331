/**
 * The address if a person may open it from a message: absolute `https:` or `mailto:`, nothing else.
 * Parsed as a browser does, so that control characters and mixed case cannot hide another scheme.
 */
export function safeUrl(address: unknown): string | undefined {
  if (typeof address !== 'string') return undefined;
  const url = parsed(address);
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  if (url.protocol === 'https:' && url.hostname !== '') return url.href;
  return url.protocol === 'mailto:' ? url.href : undefined;
}

/** The host of an address, or its scheme where it has none: what a person should know about it at a glance. */
export function placeOf(address: string): string {
  const url = parsed(address);
  if (url === undefined) return '';
  return url.host === '' ? url.protocol.replace(/:$/, '') : url.host;
}

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
