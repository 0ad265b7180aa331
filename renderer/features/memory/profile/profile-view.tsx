import { ErrorState } from '../../../components/error-state.tsx';
import { strings } from '../../../lib/strings.ts';
import { useMethod } from '../../../lib/use-method.ts';
import { Row } from '../../settings/row.tsx';
import { Section } from '../../settings/section.tsx';
import classes from '../memory.module.css';
import { ConstraintsSection } from './constraints-section.tsx';
import { DomainsSection } from './domains-section.tsx';
import { ExportSection } from './export-section.tsx';
import { PreferencesSection } from './preferences-section.tsx';
import { RedactionSection } from './redaction-section.tsx';
import { readProfile, type ProfileFacts } from './read-profile.ts';

const words = strings.profile;

/** What is known of the person as a whole, and what they allow. */
export function ProfileView() {
  const profile = useMethod('memory.profile', {});
  if (profile.error && !profile.data) {
    return <ErrorState title={words.failed} error={profile.error} onRetry={() => void profile.refetch()} />;
  }
  // null: nothing is kept yet, and everything is as it is by default.
  if (profile.data === undefined) return <p className={classes.wait}>{strings.app.loading}</p>;
  const facts = readProfile(profile.data);
  return (
    <div className={classes.column}>
      <ConstraintsSection constraints={facts.constraints} />
      <RedactionSection />
      <ExportSection programs={facts.constraints.share_with} />
      <PreferencesSection preferences={facts.preferences} level={facts.level} />
      <DomainsSection domains={facts.domains} />
      {facts.counts.length > 0 && <Counts counts={facts.counts} />}
    </div>
  );
}

function Counts({ counts }: { readonly counts: ProfileFacts['counts'] }) {
  return (
    <Section heading={words.facts.heading}>
      {counts.map(([name, value]) => (
        <Row key={name} label={words.facts[name]}>
          {words.facts.value(value)}
        </Row>
      ))}
    </Section>
  );
}
