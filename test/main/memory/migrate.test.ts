import { expect, test } from 'vitest';
import { migrateProfile, toProfileDocument, withConstraints } from '../../../main/memory/migrate.ts';
import { type Memory, Memory as MemorySchema } from '../../../shared/collections/memories.ts';

/** Seed 004's example, its dates as text. */
const document = {
  user_id: '246030816692404234',
  guild_id: '1234567890123456789',
  created_at: '2025-01-15T10:00:00Z',
  updated_at: '2025-01-15T10:30:00Z',
  last_active: '2025-01-15T10:30:00Z',
  message_count: 42,
  session_count: 5,
  creative_profile: {
    memorable_facts: [
      {
        _id: 'f1',
        fact: 'Loves fettuccini',
        type: 'USER_FACT',
        confidence: 0.85,
        added_at: '2025-01-14T09:30:00Z',
        last_confirmed_at: '2025-01-15T10:00:00Z',
        confirmation_count: 2,
        source: 'conversation_summary',
        source_hash: 'sha256_of_summary',
      },
    ],
    patterns: [
      {
        _id: 'p1',
        pattern: 'Prefers step-by-step explanations',
        type: 'USER_PATTERN',
        confidence: 0.8,
        added_at: '2025-01-13T14:22:00Z',
        last_observed: '2025-01-15T10:00:00Z',
        observation_count: 3,
        source: 'behavior_inference',
      },
    ],
    narratives: [
      {
        _id: 'n1',
        narrative: 'Been chatting since 2019',
        type: 'SHARED_NARRATIVE',
        confidence: 0.95,
        added_at: '2025-01-15T09:00:00Z',
        is_confirmed: true,
      },
    ],
    preferences: { communication_style: 'casual', detail_level: 'medium', explanation_style: 'step-by-step' },
    domains: [
      {
        domain: 'music production',
        confidence: 0.85,
        tools: ['FL Studio', 'Ableton'],
        last_mentioned: '2025-01-15T09:30:00Z',
      },
      { domain: 'gardening', confidence: 0.7, last_mentioned: '2025-01-15T10:15:00Z' },
    ],
    total_facts_lifetime: 12,
    total_patterns_lifetime: 8,
    total_narratives_lifetime: 3,
    avg_confidence: 0.82,
    learning_level: 'intermediate',
  },
  version: '1.0',
  last_extraction_at: '2025-01-15T10:30:00Z',
  last_decay_at: '2025-01-15T06:00:00Z',
};
const constraints = {
  memory_enabled: true,
  learn_patterns: true,
  share_with: [] as string[],
  anonymize_dates: false,
  delete_after_days: null,
};

test('1.0 → 1.1 adds constraints, and keeps those that are there', () => {
  expect(withConstraints(document)).toEqual({ ...document, version: '1.1', constraints });
  expect(withConstraints({ ...document, constraints: { share_with: ['discord_adapter'] } })['constraints']).toEqual({
    ...constraints,
    share_with: ['discord_adapter'],
  });
});

test('1.0 → 2.0 makes records of the memories, renames the profile’s fields and keeps the document as it was', () => {
  const migration = migrateProfile(document);
  if (migration.state !== 'migrated') throw new Error(migration.state);
  expect(migration.profile).toMatchObject({
    subject: 'USER:246030816692404234',
    tenant: 'TENANT:1234567890123456789',
    version: '2.0',
    constraints,
    message_count: 42,
    preferences: document.creative_profile.preferences,
    domains: document.creative_profile.domains,
    total_facts_lifetime: 12,
    learning_level: 'intermediate',
    before_migration: document,
  });
  expect(migration.profile).not.toHaveProperty('creative_profile');
  expect(migration.memories.map(({ key, record }) => [key, record['type'], record['text']])).toEqual([
    ['memorable_facts/f1', 'USER_FACT', 'Loves fettuccini'],
    ['patterns/p1', 'USER_PATTERN', 'Prefers step-by-step explanations'],
    ['narratives/n1', 'SHARED_NARRATIVE', 'Been chatting since 2019'],
  ]);
  for (const { record } of migration.memories) expect(MemorySchema.safeParse(record).success).toBe(true);
});

test('the round trip gives 004’s document back', () => {
  const migration = migrateProfile({ ...document, constraints });
  if (migration.state !== 'migrated') throw new Error(migration.state);
  const memories = migration.memories.map(
    ({ key, record }) => ({ ...record, id: key.split('/')[1] }) as unknown as Memory & { id: string },
  );
  const { creative_profile, ...rest } = document;
  const back = toProfileDocument(migration.profile, memories) as typeof document;
  expect(back).toMatchObject({ ...rest, version: '1.1', constraints });
  expect(back.creative_profile).toMatchObject(creative_profile);
});

test('what is 2.0 already is left alone', () => {
  expect(migrateProfile({ subject: 'USER:1', version: '2.0' })).toEqual({ state: 'current' });
  expect(migrateProfile({ subject: 'USER:1' })).toEqual({ state: 'current' });
});

test.each([
  [{ user_id: 'ada' }, 'user_id'],
  [{ guild_id: undefined }, 'guild_id'],
  [{ version: '1.7' }, 'version'],
  [{ creative_profile: { memorable_facts: 'none' } }, 'memorable_facts'],
  [
    { creative_profile: { memorable_facts: [{ fact: 'x', type: 'USER_FACT', confidence: 0.2, added_at: 'now' }] } },
    'confidence',
  ],
  [{ creative_profile: { patterns: [{ pattern: 'x', type: 'USER_FACT', confidence: 0.8, added_at: 'now' }] } }, 'type'],
  [{ creative_profile: { narratives: [{ narrative: 'x', type: 'SHARED_NARRATIVE', confidence: 0.8 }] } }, 'added_at'],
])('one that cannot be migrated (%j) fails by name and is not touched', (change, field) => {
  const broken = { ...document, ...change };
  const kept = structuredClone(broken);
  const migration = migrateProfile(broken);
  expect(migration.state).toBe('failed');
  if (migration.state === 'failed') expect(migration.error.message).toContain(field);
  expect(broken).toEqual(kept);
});
