import { ColumnPage } from '../../components/column-page.tsx';
import { strings } from '../../lib/strings.ts';
import { CheckSection } from './check-section.tsx';
import { OutsideSection } from '../outside/outside-section.tsx';
import { QuarantineSection } from './quarantine-section.tsx';
import { TrashSection } from './trash-section.tsx';

/** Whether the vault is sound, what was set aside, and what can be brought back. */
export function DoctorPage() {
  return (
    <ColumnPage heading={strings.doctor.heading}>
      <CheckSection />
      <OutsideSection />
      <QuarantineSection />
      <TrashSection />
    </ColumnPage>
  );
}
