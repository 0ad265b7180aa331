/**
 * What the page may do, on both hosts; reliability.md §5.5. Scripts and fonts come from the host alone, styles from
 * the host or with this load's nonce (Mantine writes its variables into a `<style>`), nothing from anywhere else.
 * Strings become markup only through the page's one Trusted Types policy, which lets no tag pass
 * (renderer/lib/browser-policy.ts).
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' blob:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types default`,
  ].join('; ');
}

/** For everything that is not the page itself: a file opened on its own can load and run nothing. */
export const sealedPolicy = `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`;
