const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const beforeString = new Set(['{', '[', ',', ':'].map((sign) => sign.charCodeAt(0)));
const afterString = new Set(['}', ']', ',', ':'].map((sign) => sign.charCodeAt(0)));

/**
 * Checks that strings stand only where JSON has strings. Where they do not, a quote is missing or one too many: text and
 * structure can no longer be told apart, and where the element ends is a guess.
 */
export class StringPlaces {
  consistent = true;
  #latest: number | null = null;
  #inString = false;
  #escaped = false;

  feed(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (!this.#inString) this.#outside(byte);
      else if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
    }
  }

  #outside(byte: number): void {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return;
    if (byte === QUOTE) {
      this.consistent &&= this.#latest === null || beforeString.has(this.#latest);
      this.#inString = true;
    } else if (this.#latest === QUOTE) {
      this.consistent &&= afterString.has(byte);
    }
    this.#latest = byte;
  }
}

/** Whether the end of this damaged element can be trusted; see StringPlaces. */
export function hasCertainEnd(element: Uint8Array): boolean {
  const places = new StringPlaces();
  places.feed(element);
  return places.consistent;
}
