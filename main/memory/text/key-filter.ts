/**
 * Tells at little cost how many keywords texts can have in common at most. They lie side by side in one array: most texts that
 * share a band by chance need not be looked at further.
 */
export interface KeyFilter {
  add(slot: number, keys: readonly string[]): void;
  /** Prepares the look for a text's keywords: an upper bound of their Jaccard similarity with those of a slot, in [0, 1]. */
  asFor(keys: readonly string[]): (slot: number) => number;
}

/** Texts with more keywords are not judged. */
const MOST = 8;

export function createKeyFilter(): KeyFilter {
  let hashes = new Uint32Array(64 * MOST);
  let counts = new Uint8Array(64);

  return {
    add(slot, keys) {
      if (slot >= counts.length) {
        hashes = enlarged(hashes, new Uint32Array(slot * 2 * MOST));
        counts = enlarged(counts, new Uint8Array(slot * 2));
      }
      counts[slot] = Math.min(keys.length, MOST + 1);
      for (const [at, key] of keys.slice(0, MOST).entries()) hashes[slot * MOST + at] = hashOf(key);
    },
    asFor(keys) {
      const wanted = Uint32Array.from(keys, hashOf);
      return (slot) => {
        const count = counts[slot] ?? 0;
        if (count > MOST || count + wanted.length === 0) return 1;
        let shared = 0;
        for (let at = slot * MOST; at < slot * MOST + count; at += 1) if (wanted.includes(hashes[at] ?? 0)) shared += 1;
        // Two keywords with one hash make it more, never less.
        return Math.min(1, shared / (wanted.length + count - shared));
      };
    },
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash >>> 0;
}

function enlarged<T extends Uint8Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
