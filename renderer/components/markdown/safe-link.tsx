import type { ReactNode } from 'react';
import { safeUrl } from './safe-url.ts';

export interface SafeLinkProps {
  readonly href: string;
  readonly children: ReactNode;
}

/**
 * A link out of Almanac. It asks for a new window, which the host turns into the person's browser or refuses; the whole
 * address is in the tooltip, because the text may say something else. An address that may not be opened is only text.
 */
export function SafeLink({ href, children }: SafeLinkProps) {
  const safe = safeUrl(href);
  if (safe === undefined) return <span>{children}</span>;
  return (
    <a href={safe} title={safe} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
