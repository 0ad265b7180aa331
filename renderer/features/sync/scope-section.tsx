import { NativeSelect } from '@mantine/core';
import type { TeamScope, TeamStatus } from '../../../shared/ipc/team.ts';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { Row } from '../settings/row.tsx';
import { Section } from '../settings/section.tsx';

const words = strings.sync.scope;
const ALL = 'all';
const USUAL_DAYS = [30, 90, 365];

/** How much of the team's conversations is kept on this computer. */
export function ScopeSection({ status: { scope } }: { readonly status: TeamStatus }) {
  const change = useMethodMutation('team.set_scope');
  const days = [...new Set([...USUAL_DAYS, ...(scope ? [scope.days] : [])])].sort((a, b) => a - b);
  const choose = (value: string): void =>
    change.mutate({ scope: value === ALL ? null : wishOf(Number(value), scope) }, { onError: showError });
  return (
    <Section heading={words.heading}>
      <Row label={words.label} hint={words.hint}>
        <NativeSelect
          aria-label={words.label}
          value={scope ? String(scope.days) : ALL}
          disabled={change.isPending}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
          data={[{ value: ALL, label: words.all }, ...days.map((n) => ({ value: String(n), label: words.days(n) }))]}
        />
      </Row>
    </Section>
  );
}

/** Whose conversations stay whatever their age is said on the command line, and stays as it was said. */
function wishOf(days: number, former: TeamScope | null): TeamScope {
  return { days, pinned: former?.pinned ?? true, users: former?.users ?? [] };
}
