/** The page's own address on the desktop; protocol.ts answers it. */
export const scheme = 'app';
export const pageUrl = `${scheme}://ui/`;

/**
 * True for addresses of the page. `developmentUrl` is the address of the development server, which a packaged app
 * never has. `URL.origin` is "null" for own schemes, so that the parts are compared.
 */
export function isOwnPage(address: string, developmentUrl?: string): boolean {
  const url = parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  const own = parse(developmentUrl ?? pageUrl);
  return own !== null && url.protocol === own.protocol && url.host === own.host;
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
