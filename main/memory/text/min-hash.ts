/**
 * MinHash (Broder, 1997): a short signature of a set, such that the share of equal places is about the Jaccard
 * similarity of the sets; and its bands, of which similar sets share at least one (LSH).
 */

const PLACES = 128;
/**
 * 32 bands of 4: sets with a similarity of 0.6 share a band with a probability of 1 − (1 − 0.6⁴)^32 = 0.99, those with
 * one of 0.15, which any two sentences may have, with 0.016.
 */
const BANDS = 32;
const IN_BAND = PLACES / BANDS;

/** Odd multipliers and offsets of the hash functions, drawn once by a fixed generator: signatures are compared across runs. */
const [FACTORS, OFFSETS] = coefficients();

export function minHash(set: Iterable<string>): Uint32Array {
  const signature = new Uint32Array(PLACES).fill(0xffff_ffff);
  for (const member of set) {
    const hash = fnv1a(member);
    for (let place = 0; place < PLACES; place += 1) {
      let mixed = (Math.imul(hash, FACTORS[place] ?? 1) + (OFFSETS[place] ?? 0)) >>> 0;
      mixed = (mixed ^ (mixed >>> 15)) >>> 0;
      if (mixed < (signature[place] ?? 0)) signature[place] = mixed;
    }
  }
  return signature;
}

/** Keys under which the signature is looked up: similar sets have one in common. Two bands rarely share a key by chance. */
export function bandsOf(signature: Uint32Array): number[] {
  return Array.from({ length: BANDS }, (_, band) => {
    let mixed = 0x811c_9dc5;
    for (const place of signature.subarray(band * IN_BAND, (band + 1) * IN_BAND)) {
      mixed = Math.imul(mixed ^ place, 0x0100_0193);
      mixed ^= mixed >>> 13;
    }
    return band * 2 ** 32 + (mixed >>> 0);
  });
}

/** Jaccard similarity of two sets, in [0, 1]. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 && b.size === 0) return 1;
  let shared = 0;
  for (const member of a) if (b.has(member)) shared += 1;
  return shared / (a.size + b.size - shared);
}

function fnv1a(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  return hash >>> 0;
}

function coefficients(): [Uint32Array, Uint32Array] {
  const factors = new Uint32Array(PLACES);
  const offsets = new Uint32Array(PLACES);
  let state = 0x9e37_79b9;
  const next = (): number => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state;
  };
  for (let place = 0; place < PLACES; place += 1) {
    factors[place] = next() | 1;
    offsets[place] = next();
  }
  return [factors, offsets];
}
