import { z } from 'zod';
import { Extra, Timestamp } from './common.ts';
import { defineCollection } from './define.ts';
import { RecordScope } from './scope.ts';

/** Versions of seed 004's document. 1.x: facts embedded in `creative_profile`; 2.0: memories are records of their own. */
export const profileVersions = ['1.0', '1.1', '2.0'] as const;

/** What the person allows; enforced when memories are added, recalled, synced and exported. */
export const Constraints = z.looseObject({
  memory_enabled: z.boolean().default(true),
  /** Patterns are inferred rather than said: they can be switched off alone. */
  learn_patterns: z.boolean().default(true),
  /** Who may be given memories. Empty: nobody but the person. */
  share_with: z.array(z.string()).default([]),
  /** Dates are given out as the month alone. */
  anonymize_dates: z.boolean().default(false),
  /** null: never. */
  delete_after_days: z.int().positive().nullable().default(null),
});
export type Constraints = z.infer<typeof Constraints>;

export const Domain = z.looseObject({
  domain: z.string().min(1),
  confidence: z.number().min(0).max(1),
  tools: z.array(z.string()).optional(),
  last_mentioned: Timestamp.optional(),
});
export type Domain = z.infer<typeof Domain>;

const Preferences = z.looseObject({
  /** casual, formal, technical */
  communication_style: z.string().optional(),
  /** high, medium, low */
  detail_level: z.string().optional(),
  /** step-by-step, conceptual, examples */
  explanation_style: z.string().optional(),
});

const Total = z.int().nonnegative();

/**
 * Seed 004's profile. `user_id` and `guild_id` there are `subject` and `tenant` here; a document of version 1.x keeps
 * its own names and stays readable until it is brought to 2.0 (main/memory/migrate.ts).
 */
export const Profile = z.looseObject({
  created_at: Timestamp,
  updated_at: Timestamp,
  subject: z.string().min(1).optional(),
  tenant: z.string().min(1).optional(),
  version: z.enum(profileVersions).default('2.0'),
  last_active: Timestamp.nullish(),
  message_count: Total.optional(),
  session_count: Total.optional(),
  preferences: Preferences.optional(),
  domains: z.array(Domain).optional(),
  total_facts_lifetime: Total.optional(),
  total_patterns_lifetime: Total.optional(),
  total_narratives_lifetime: Total.optional(),
  avg_confidence: z.number().min(0).max(1).nullish(),
  learning_level: z.string().optional(),
  constraints: Constraints.optional(),
  last_extraction_at: Timestamp.nullish(),
  last_decay_at: Timestamp.nullish(),
  scope: RecordScope.optional(),
  /** 1.x: numbers as text, as 004's validator asks. */
  user_id: z
    .string()
    .regex(/^[0-9]+$/, 'is not a number in digits')
    .optional(),
  guild_id: z
    .string()
    .regex(/^[0-9]+$/, 'is not a number in digits')
    .optional(),
  /** 1.x: the embedded facts, patterns, narratives, preferences and domains, as they came. */
  creative_profile: z.record(z.string(), z.unknown()).optional(),
  /** 2.0, of a migrated one: the document as it was before. */
  before_migration: z.record(z.string(), z.unknown()).optional(),
  extra: Extra.optional(),
});
export type Profile = z.infer<typeof Profile>;

export const profiles = defineCollection({
  name: 'profiles',
  about: 'A person in a setting: preferences, domains, what they allow',
  kind: 'document',
  schema: Profile,
  schemaVersion: 1,
  rowFields: ['subject', 'tenant', 'version', 'user_id', 'guild_id', 'last_active', 'last_decay_at', 'scope'],
  indexes: [
    { fields: { subject: 1, tenant: 1 }, unique: true, partial: { subject: { $exists: true } } },
    { fields: { user_id: 1, guild_id: 1 }, unique: true, partial: { user_id: { $exists: true } } },
    { fields: { tenant: 1, last_active: -1 } },
    { fields: { tenant: 1, last_decay_at: 1 } },
    { fields: { 'domains.domain': 1 } },
  ],
  merge: {
    default: 'lww',
    fields: {
      message_count: 'counter',
      session_count: 'counter',
      total_facts_lifetime: 'counter',
      total_patterns_lifetime: 'counter',
      total_narratives_lifetime: 'counter',
      last_decay_at: 'latest',
    },
  },
  scope: 'team',
  scopeField: 'scope',
  retention: { keep: 'forever' },
  personal: [
    'subject',
    'tenant',
    'user_id',
    'guild_id',
    'preferences',
    'domains',
    'creative_profile',
    'before_migration',
    'extra',
  ],
  mongo: { collection: 'profiles' },
});
