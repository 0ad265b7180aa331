import { license, version } from '../../../package.json';
import { useClient } from '../../lib/client-context.ts';
import { strings } from '../../lib/strings.ts';
import { Row } from './row.tsx';
import { Section } from './section.tsx';

const texts = strings.settings.about;

/** Which Almanac this is. */
export function AboutSection() {
  const { host } = useClient();
  return (
    <Section heading={texts.heading}>
      <Row label={texts.version}>{version}</Row>
      <Row label={texts.host}>{texts[host]}</Row>
      <Row label={texts.licence}>{license}</Row>
    </Section>
  );
}
