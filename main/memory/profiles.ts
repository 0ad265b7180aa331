import { Constraints } from '../../shared/collections/profiles.ts';
import type { Committed } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import { derivedId } from '../lib/ids.ts';
import { type Actor, type AuditedChange, type AuditedWrites, withoutMeta } from './audited-writes.ts';
import { OPEN } from './constraints.ts';
import type { State } from './log/event.ts';
import { migrateProfile } from './migrate.ts';

export interface Whose {
  readonly subject: string;
  readonly tenant: string;
}

/** Profiles, brought to the present version when they are first read. */
export interface Profiles {
  find(whose: Whose): Promise<Committed | null>;
  constraints(whose: Whose): Promise<Constraints>;
  /** The same without bringing the profile to its present version: for who is writing already. */
  constraintsAsTheyStand(whose: Whose): Promise<Constraints>;
  /**
   * Notes for each profile that its memories have been looked through, as `last_decay_at`; once on a UTC day, so that
   * neither the log nor what is synchronised grows with every run. Documents of older versions stay as they are.
   */
  noteDecay(actor: Actor, now: string): Promise<void>;
}

const MIGRATION: Actor = { who: 'MIGRATION:profiles', why: 'The document was of an older version.' };

export function createProfiles(store: Store, writes: AuditedWrites): Profiles {
  const collection = store.collection('profiles');

  async function find(whose: Whose): Promise<Committed | null> {
    const { current, old } = await stored(whose);
    return current ?? (old && migrated(old));
  }

  async function stored({ subject, tenant }: Whose): Promise<Record<'current' | 'old', Committed | null>> {
    const current = (await collection.findOne({ subject, tenant })) as Committed | null;
    if (current) return { current, old: null };
    const old = await collection.findOne({ user_id: bare(subject), guild_id: bare(tenant) });
    return { current: null, old: old as Committed | null };
  }

  function constraintsIn(profile: Committed | null): Constraints {
    const parsed = Constraints.safeParse(profile?.['constraints'] ?? {});
    return parsed.success ? parsed.data : OPEN;
  }

  /** In one commit with its memories. One that cannot be migrated is given as it is. */
  async function migrated(old: Committed): Promise<Committed> {
    const migration = migrateProfile(withoutMeta(old));
    if (migration.state !== 'migrated') return old;
    const after = { ...migration.profile, id: old.id };
    const memories = migration.memories.map(({ key, record }): AuditedChange => {
      // The same id at each attempt, so that a second one finds what the first has made.
      const id = derivedId('profile', old.id, key);
      return {
        collection: 'memories',
        before: null,
        after: { ...record, id },
        event_type: 'MEMORY_ADDED',
        action: 'migrate',
      };
    });
    const profile: AuditedChange = {
      collection: 'profiles',
      before: old,
      after,
      event_type: 'ENTITY_CHANGED',
      action: 'migrate',
    };
    try {
      const [done] = await writes.change(MIGRATION, async () => [profile, ...memories]);
      return done ?? old;
    } catch {
      // A reader cannot write, and a record may stand in the way: the document as it is still says everything.
      return old;
    }
  }

  return {
    find,
    constraints: async (whose) => constraintsIn(await find(whose)),
    async constraintsAsTheyStand(whose) {
      const { current, old } = await stored(whose);
      return constraintsIn(current ?? old);
    },
    async noteDecay(actor, now) {
      const isDue = ({ last_decay_at: last }: Committed): boolean =>
        typeof last !== 'string' || dayOf(last) < dayOf(now);
      await writes.change(actor, async () => {
        const present = (await collection.find({ subject: { $exists: true } })) as Committed[];
        return present.filter(isDue).map((before) => ({
          collection: 'profiles',
          before,
          after: { ...withoutMeta(before), id: before.id, last_decay_at: now },
          event_type: 'DECAY_APPLIED',
          action: 'decay',
        }));
      });
    },
  };
}

function dayOf(iso: string): string {
  return iso.slice(0, 'YYYY-MM-DD'.length);
}

function bare(name: string): string {
  return name.replace(/^(?:USER|TENANT):/, '');
}

/** A profile that says nothing yet. */
export function newProfile({ subject, tenant }: Whose): State & { readonly id: string } {
  return { id: derivedId('profile', subject, tenant), subject, tenant, version: '2.0', constraints: OPEN };
}
