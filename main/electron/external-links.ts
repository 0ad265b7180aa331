/** What a link may open outside Almanac: web pages over TLS, and mail. Everything else (files, other programs) never. */
export function externalAddress(address: string): URL | null {
  if (address.length > 4096 || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return null;
  return url.protocol === 'https:' || url.protocol === 'mailto:' ? url : null;
}

export interface LinkPorts {
  /** Asks the person, showing the whole address; true to go on. */
  readonly confirm: (address: string) => Promise<boolean>;
  readonly open: (address: string) => Promise<void>;
}

/** Opens links after the person agreed, one question at a time: a page that opens a hundred gets one answered. */
export function createLinkOpener({ confirm, open }: LinkPorts): (address: string) => Promise<void> {
  let asking = false;
  return async (address) => {
    const url = externalAddress(address);
    if (url === null || asking) return;
    asking = true;
    try {
      if (await confirm(url.href)) await open(url.href);
    } finally {
      asking = false;
    }
  };
}
