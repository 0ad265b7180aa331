import { strings } from '../../lib/strings.ts';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { SearchSection } from './search-section.tsx';
import classes from './settings-page.module.css';
import { VaultSection } from './vault-section.tsx';

/** Appearance, the vault, search, and what this is. */
export function SettingsPage() {
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <h1 className={classes.heading}>{strings.settings.heading}</h1>
        <AppearanceSection />
        <VaultSection />
        <SearchSection />
        <AboutSection />
      </div>
    </div>
  );
}
