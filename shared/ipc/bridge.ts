import type { Reply } from './reply.ts';

/** A picked or dropped file (the page knows its name and size, main its bytes). */
export interface OfferedFile {
  readonly handle: string;
  readonly name: string;
}

/**
 * What a host puts on `window.almanac`: the page's only way out. Preload (desktop) and web-bridge (browser) offer the same. */
export interface Bridge<File = unknown> {
  readonly host: 'desktop' | 'web';
  /** Never rejects: a failure of the way itself is a Reply too. */
  invoke(method: string, input: unknown): Promise<Reply>;
  subscribe(event: string, listener: (payload: unknown) => void): () => void;
  /**
   * Hands a dropped or picked file to main: the desktop passes its path from preload, the web host uploads its bytes
   * (`onProgress` in bytes). Reply value: OfferedFile.
   */
  offerFile(file: File, onProgress?: (done: number, total: number) => void): Promise<Reply>;
}
