import { assertNever } from '../../shared/assert.ts';
import { ConversationsPage } from '../features/conversations/conversations-page.tsx';
import { DoctorPage } from '../features/doctor/doctor-page.tsx';
import { ImportsPage } from '../features/import/imports-page.tsx';
import { MemoryPage } from '../features/memory/memory-page.tsx';
import { useSearch } from '../features/search/search-context.tsx';
import { SearchResults } from '../features/search/search-results.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { SyncPage } from '../features/sync/sync-page.tsx';
import { useWelcome } from '../features/welcome/use-welcome.ts';
import { WelcomePage } from '../features/welcome/welcome-page.tsx';
import { useRoute } from '../lib/route.ts';

/** The page that the address names; on the first run the welcome in place of an empty list. */
export function Page() {
  const route = useRoute();
  const search = useSearch();
  const welcome = useWelcome();
  switch (route.page) {
    case 'conversations': {
      const results = search.text.trim() === '' ? undefined : <SearchResults />;
      if (welcome.isShown && route.view === 'active' && results === undefined)
        return <WelcomePage vault={welcome.vault} onDismiss={welcome.dismiss} />;
      return <ConversationsPage route={route} results={results} />;
    }
    case 'imports':
      return <ImportsPage />;
    case 'memory':
      return <MemoryPage route={route} />;
    case 'doctor':
      return <DoctorPage />;
    case 'sync':
      return <SyncPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return assertNever(route, 'page');
  }
}
