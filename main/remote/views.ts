import type { Document } from 'mongodb';
import { registry } from '../../shared/collections/registry.ts';
import { ALIVE } from './server-filter.ts';

/** A view over our collections in the shape of one of the team's other programs. */
export interface ViewDefinition {
  readonly name: string;
  readonly on: string;
  readonly pipeline: readonly Document[];
}

/** Our bookkeeping and what other programs do not have. */
const withoutBookkeeping = { $unset: ['_meta'] };

/** Seed 001's chat: `{id, title, created_at, updated_at, messages: [...], workspace, streaming_status, provider}`. */
const chats: ViewDefinition = {
  name: 'chats',
  on: registry.conversations.mongo.collection,
  pipeline: [
    { $match: ALIVE },
    {
      $lookup: {
        from: registry.messages.mongo.collection,
        localField: '_id',
        foreignField: 'conversation_id',
        pipeline: [
          { $match: ALIVE },
          { $sort: { created_at: 1, _id: 1 } },
          { $set: { id: '$_id', timestamp: '$created_at' } },
          { $unset: ['_id', '_meta', 'conversation_id'] },
        ],
        as: 'messages',
      },
    },
    { $set: { id: '$_id' } },
    withoutBookkeeping,
  ],
};

/** Memories of one kind, under the name that seed 004 gives their text. */
function memoriesOf(type: string, textName: string): Document {
  return {
    $map: {
      input: { $filter: { input: '$memories', cond: { $eq: ['$$this.type', type] } } },
      in: {
        $unsetField: {
          field: 'text',
          input: {
            $mergeObjects: [
              '$$this',
              { [textName]: '$$this.text', added_at: { $ifNull: ['$$this.added_at', '$$this.created_at'] } },
            ],
          },
        },
      },
    },
  };
}

/** `USER:246…` and `TENANT:…` are the bare ids there. */
function bare(field: string): Document {
  const parts = { $split: [{ $ifNull: [field, ''] }, ':'] };
  return { $cond: [{ $gt: [{ $size: parts }, 1] }, { $last: parts }, { $ifNull: [field, ''] }] };
}

const isBelieved = { $or: [{ $eq: ['$state', 'active'] }, { $not: ['$state'] }] };

/** Seed 004's profile with its facts, patterns and narratives embedded. Profiles still in that form pass as they are. */
const discordProfiles: ViewDefinition = {
  name: 'discord_profiles',
  on: registry.profiles.mongo.collection,
  pipeline: [
    { $match: ALIVE },
    {
      $lookup: {
        from: registry.memories.mongo.collection,
        let: { subject: '$subject', tenant: '$tenant' },
        pipeline: [
          {
            $match: {
              ...ALIVE,
              $expr: { $and: [{ $eq: ['$subject', '$$subject'] }, { $eq: ['$tenant', '$$tenant'] }, isBelieved] },
            },
          },
          { $sort: { created_at: 1, _id: 1 } },
          withoutBookkeeping,
        ],
        as: 'memories',
      },
    },
    {
      $set: {
        user_id: { $ifNull: ['$user_id', bare('$subject')] },
        guild_id: { $ifNull: ['$guild_id', bare('$tenant')] },
        creative_profile: {
          $mergeObjects: [
            {
              memorable_facts: memoriesOf('USER_FACT', 'fact'),
              patterns: memoriesOf('USER_PATTERN', 'pattern'),
              narratives: memoriesOf('SHARED_NARRATIVE', 'narrative'),
              preferences: '$preferences',
              domains: '$domains',
              total_facts_lifetime: '$total_facts_lifetime',
              total_patterns_lifetime: '$total_patterns_lifetime',
              total_narratives_lifetime: '$total_narratives_lifetime',
              avg_confidence: '$avg_confidence',
              learning_level: '$learning_level',
            },
            '$creative_profile',
          ],
        },
      },
    },
    {
      $unset: [
        '_meta',
        'memories',
        'subject',
        'tenant',
        'scope',
        'before_migration',
        'preferences',
        'domains',
        'total_facts_lifetime',
        'total_patterns_lifetime',
        'total_narratives_lifetime',
        'avg_confidence',
        'learning_level',
      ],
    },
  ],
};

export const views: readonly ViewDefinition[] = [chats, discordProfiles];
