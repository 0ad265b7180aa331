import type { Keychain } from '../team/credentials.ts';

/** What only a host with a desktop can do. Absent where the host cannot: the method then answers NOT_SUPPORTED. */
export interface HostActions {
  /** Opens the folder in the file manager. */
  readonly revealFolder?: (path: string) => Promise<void>;
  /** Asks the person; null when they cancel. */
  /** The system's safe for passwords. */
  readonly keychain?: Keychain;
  readonly pickFile?: (kind: 'file' | 'folder') => Promise<ChosenFile | null>;
}

export interface ChosenFile {
  /** Absolute. */
  readonly path: string;
  /** What the person calls it. */
  readonly name: string;
  /** Called once when nobody needs the file any more: an uploaded copy is deleted by it. */
  readonly release?: () => Promise<void>;
}
