import { ColumnPage } from '../../components/column-page.tsx';
import { strings } from '../../lib/strings.ts';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { SearchSection } from './search-section.tsx';
import { VaultSection } from './vault-section.tsx';

/** Appearance, the vault, search, and what this is. */
export function SettingsPage() {
  return (
    <ColumnPage heading={strings.settings.heading}>
      <AppearanceSection />
      <VaultSection />
      <SearchSection />
      <AboutSection />
    </ColumnPage>
  );
}
