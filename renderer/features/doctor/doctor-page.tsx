import { strings } from '../../lib/strings.ts';
import { CheckSection } from './check-section.tsx';
import { OutsideSection } from '../outside/outside-section.tsx';
import classes from './doctor.module.css';
import { QuarantineSection } from './quarantine-section.tsx';
import { TrashSection } from './trash-section.tsx';

/** Whether the vault is sound, what was set aside, and what can be brought back. */
export function DoctorPage() {
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <h1 className={classes.heading}>{strings.doctor.heading}</h1>
        <CheckSection />
        <OutsideSection />
        <QuarantineSection />
        <TrashSection />
      </div>
    </div>
  );
}
