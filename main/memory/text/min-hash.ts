/**
 * MinHash (Broder, 1997): a short signature of a set, such that the share of equal places is about the Jaccard
 * similarity of the sets; and its bands, of which similar sets share at least one (LSH).
 */

const PLACES = 128;
/**
 * 32 bands of 4: sets with a similarity of 0.6 share a band with a probability of 1 − (1 − 0.6⁴)^32 = 0.99, those with
 * one of 0.15, which any two sentences may have, with 0.016.
 */
export const BANDS = 32;
const IN_BAND = PLACES / BANDS;

/** Odd multipliers and offsets of the hash functions, drawn once by a fixed generator: signatures are compared across runs. */
const [FACTORS, OFFSETS] = coefficients();

/** @param hashes of the set's members, 32 bits each */
export function minHash(hashes: Iterable<number>): Uint32Array {
  const signature = new Uint32Array(PLACES).fill(0xffff_ffff);
  for (const hash of hashes) {
    for (let place = 0; place < PLACES; place += 1) {
      let mixed = (Math.imul(hash, FACTORS[place] ?? 1) + (OFFSETS[place] ?? 0)) >>> 0;
      mixed = (mixed ^ (mixed >>> 15)) >>> 0;
      if (mixed < (signature[place] ?? 0)) signature[place] = mixed;
    }
  }
  return signature;
}

/** A key for each band of a signature: similar sets have one in common, in the same place. */
export function bandsOf(signature: Uint32Array): Uint32Array {
  return Uint32Array.from({ length: BANDS }, (_, band) => {
    let mixed = 0x811c_9dc5;
    for (let place = band * IN_BAND; place < (band + 1) * IN_BAND; place += 1) {
      mixed = Math.imul(mixed ^ (signature[place] ?? 0), 0x0100_0193);
      mixed ^= mixed >>> 13;
    }
    return mixed;
  });
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
