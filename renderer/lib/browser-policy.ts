/**
 * What a strict Content-Security-Policy asks of the page, done once before anything else is loaded:
 * import this file first.
 */
import { setNonce } from 'get-nonce';
import { z } from 'zod';

// zod would otherwise probe `new Function`, which the policy reports as a violation.
z.config({ jitless: true });

/** The nonce that lets our component library write its style sheets; '' where the host has no policy (tests). */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

const nonce = styleNonce();
if (nonce !== '') setNonce(nonce);

interface TrustedTypesLike {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): unknown;
}

/**
 * Trusted Types are required, and Mantine writes its own style sheets through `innerHTML`. The default policy lets
 * exactly such text through: without `<` there is no element to make, so it can be no more than text.
 */
export function plainTextOnly(text: string): string {
  if (text.includes('<')) throw new TypeError('Almanac never writes HTML into the page.');
  return text;
}

// Not in TypeScript's DOM library yet, and absent in Firefox and Safari.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesLike };
trustedTypes?.createPolicy('default', { createHTML: plainTextOnly });
