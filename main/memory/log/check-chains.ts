import { genesis } from './event.ts';
import { type BrokenLink, type Link, brokenAt } from './link.ts';

/** The links of each copy of the vault, by their numbers. */
export function chainsOf(links: ReadonlyMap<string, Link>): Map<string, Link[]> {
  const chains = new Map<string, Link[]>();
  for (const link of links.values()) {
    const chain = chains.get(link.replica);
    if (chain) chain.push(link);
    else chains.set(link.replica, [link]);
  }
  for (const chain of chains.values()) {
    const isOrdered = chain.every(({ sequence }, at) => at === 0 || sequence >= (chain[at - 1]?.sequence ?? 0));
    if (!isOrdered) chain.sort((a, b) => a.sequence - b.sequence);
  }
  return chains;
}

/**
 * The first place where events do not follow on each other, or have no content although nothing was forgotten.
 *
 * @param own the chain that has to be whole; absent: all
 */
export function checkChains(links: ReadonlyMap<string, Link>, own: string | undefined): BrokenLink | null {
  const forgotten = new Set<unknown>();
  for (const { type, entity, redacts } of links.values()) {
    if (type === 'MEMORY_FORGOTTEN') forgotten.add(entity);
    for (const id of redacts) forgotten.add(id);
  }
  for (const [replica, chain] of chainsOf(links)) {
    const broken = checkChain(replica, chain, own === undefined || own === replica);
    if (broken) return broken;
    const bare = chain.find((link) => link.redacted && !forgotten.has(link.entity) && !forgotten.has(link.id));
    if (bare) return brokenAt(bare, 'its content is gone, and nothing says that it was forgotten', bare);
  }
  return null;
}

function checkChain(replica: string, chain: readonly Link[], isWhole: boolean): BrokenLink | null {
  const seals = chain.flatMap(({ sealed }) => (sealed ? [sealed] : []));
  let before: { readonly sequence: number; readonly hash: string } = genesis(replica);
  for (const [at, link] of chain.entries()) {
    const seal = at === 0 ? seals.find(({ to }) => to === link.sequence - 1) : undefined;
    const expected = seal ? { sequence: seal.to, hash: seal.hash } : before;
    if (link.sequence === before.sequence && at > 0) return brokenAt(link, 'its number is taken twice', link);
    const follows = link.sequence === expected.sequence + 1;
    if (follows && link.prev !== expected.hash) return brokenAt(link, 'it does not name the event before it', link);
    if (!follows && isWhole)
      return brokenAt(link, `events ${expected.sequence + 1} to ${link.sequence - 1} are missing before it`, link);
    before = link;
  }
  return null;
}
