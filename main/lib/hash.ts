import { hash } from 'node:crypto';

export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** First 128 bits of the sha256 in 26 characters of lower-case base32 (RFC 4648 without padding). */
export function hash128(data: string | Uint8Array): string {
  const bytes = hash('sha256', data, 'buffer').subarray(0, 16);
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >>> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31];
}
