import { Constraints, Domain } from '../../../../shared/collections/profiles.ts';

const counted = [
  'message_count',
  'session_count',
  'total_facts_lifetime',
  'total_patterns_lifetime',
  'total_narratives_lifetime',
  'avg_confidence',
] as const;

export interface ProfileFacts {
  readonly constraints: Constraints;
  readonly preferences: Readonly<Record<string, string>>;
  readonly level: string | undefined;
  readonly domains: readonly Domain[];
  readonly counts: readonly (readonly [(typeof counted)[number], number])[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What the page shows of a profile, which another program may have written: what is not as expected is left out. */
export function readProfile(profile: Fields | null): ProfileFacts {
  const fields = profile ?? {};
  const constraints = Constraints.safeParse(fields['constraints'] ?? {});
  const preferences = isFields(fields['preferences']) ? fields['preferences'] : {};
  const level = fields['learning_level'];
  const domains: readonly unknown[] = Array.isArray(fields['domains']) ? fields['domains'] : [];
  return {
    constraints: constraints.success ? constraints.data : Constraints.parse({}),
    preferences: Object.fromEntries(
      Object.entries(preferences).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    level: typeof level === 'string' ? level : undefined,
    domains: domains.flatMap((each) => {
      const domain = Domain.safeParse(each);
      return domain.success ? [domain.data] : [];
    }),
    counts: counted.flatMap((name) => {
      const value = fields[name];
      return typeof value === 'number' ? [[name, value] as const] : [];
    }),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
