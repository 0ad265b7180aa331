import type { Domain } from '../../../../shared/collections/profiles.ts';
import type { MemoryView } from '../shown-memories.ts';

export interface DomainRow {
  readonly domain: string;
  /** The profile's; where it does not say, how sure the memories about it are on average. */
  readonly confidence: number;
  readonly memories: number;
  readonly tools: readonly string[];
  readonly lastMentioned: string | undefined;
}

/** What the profile says of each domain, joined with the memories about it; the surest first. */
export function domainRows(domains: readonly Domain[], memories: readonly MemoryView[]): readonly DomainRow[] {
  const about = new Map<string, MemoryView[]>();
  for (const memory of memories) {
    if (memory.domain !== null) about.set(memory.domain, [...(about.get(memory.domain) ?? []), memory]);
  }
  const said = new Map(domains.map((each) => [each.domain, each]));
  return [...new Set([...said.keys(), ...about.keys()])]
    .map((domain): DomainRow => {
      const [profile, theirs] = [said.get(domain), about.get(domain) ?? []];
      const sum = theirs.reduce((total, { current_confidence }) => total + current_confidence, 0);
      return {
        domain,
        confidence: profile?.confidence ?? sum / Math.max(1, theirs.length),
        memories: theirs.length,
        tools: profile?.tools ?? [],
        lastMentioned: profile?.last_mentioned,
      };
    })
    .sort((a, b) => b.confidence - a.confidence || a.domain.localeCompare(b.domain));
}
