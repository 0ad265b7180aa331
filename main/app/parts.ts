import type { Conversations } from '../conversations/types.ts';
import type { MemoryPart } from './open-memory.ts';
import type { Search } from '../search/types.ts';
import type { Vault } from '../store/types.ts';
import type { Transfer } from '../transfer/types.ts';
import type { Team } from '../team/types.ts';
import type { Upkeep } from './upkeep.ts';

/** What the app is made of; create-app.ts opens the real ones. */
export interface AppParts {
  readonly vault: Vault;
  readonly search: Search;
  readonly transfer: Transfer;
  readonly conversations: Conversations;
  readonly upkeep: Upkeep;
  readonly memory: MemoryPart;
  readonly team: Team;
  /** Ends all of them: search first, then the vault with what is not yet written. */
  close(): Promise<void>;
}
