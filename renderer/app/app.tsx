import { spotlight } from '@mantine/spotlight';
import { useState } from 'react';
import { ErrorBoundary } from '../components/error-boundary.tsx';
import { showError } from '../components/notify.tsx';
import { ImportDialog } from '../features/import/import-dialog.tsx';
import { MissingBanner } from '../features/outside/missing-banner.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { SearchProvider, useSearch } from '../features/search/search-context.tsx';
import { SearchField } from '../features/search/search-field.tsx';
import { TroubleBanner } from '../features/trouble/trouble-banner.tsx';
import { useClient } from '../lib/client-context.ts';
import { navigate, useRoute } from '../lib/route.ts';
import { useLiveQueries } from '../lib/use-live-queries.ts';
import { DropVeil } from './drop-veil.tsx';
import { Page } from './page.tsx';
import { Shell } from './shell.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { Sidebar } from './sidebar.tsx';
import { StatusChip } from './status-chip.tsx';
import { TopBar } from './top-bar.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useSettingsApplied } from './use-settings-applied.ts';
import { useWindowKeys } from './use-window-keys.ts';
import { WindowActionsContext, type WindowActions } from './window-actions.ts';

/** What lies over the page. */
type Overlay =
  { readonly kind: 'none' } | { readonly kind: 'shortcuts' } | { readonly kind: 'import'; readonly file?: File };

const nothing: Overlay = { kind: 'none' };

/** The whole window. */
export function App() {
  useLiveQueries();
  useSettingsApplied();
  return (
    <SearchProvider>
      <AppWindow />
    </SearchProvider>
  );
}

function AppWindow() {
  const [overlay, setOverlay] = useState<Overlay>(nothing);
  const actions = useActions(setOverlay);
  const isDragging = useFileDrop(actions.openImport);
  const route = useRoute();
  useWindowKeys(actions);
  const dropped = overlay.kind === 'import' && overlay.file ? { initialFile: overlay.file } : {};
  return (
    <WindowActionsContext value={actions}>
      <Shell
        banner={
          <>
            <TroubleBanner />
            <MissingBanner />
          </>
        }
        bar={<TopBar search={<SearchField />} status={<StatusChip />} />}
        sidebar={<Sidebar />}
      >
        {/* Keyed: what broke on one page does not follow the person to the next. */}
        <ErrorBoundary key={route.page}>
          <Page />
        </ErrorBoundary>
      </Shell>
      <Palette />
      <ShortcutsDialog opened={overlay.kind === 'shortcuts'} onClose={() => setOverlay(nothing)} />
      <ImportDialog opened={overlay.kind === 'import'} onClose={() => setOverlay(nothing)} {...dropped} />
      {isDragging && <DropVeil />}
    </WindowActionsContext>
  );
}

function useActions(setOverlay: (overlay: Overlay) => void): WindowActions {
  const client = useClient();
  const search = useSearch();
  const createConversation = async (): Promise<void> => {
    const { id } = await client.call('conversations.create', { title: '' });
    search.setText('');
    navigate({ page: 'conversations', view: 'active', conversationId: id });
  };
  return {
    openImport: (file) => setOverlay(file ? { kind: 'import', file } : { kind: 'import' }),
    openShortcuts: () => setOverlay({ kind: 'shortcuts' }),
    openPalette: spotlight.open,
    createConversation: () => void createConversation().catch(showError),
    focusList: () => document.querySelector<HTMLElement>('[role="grid"]')?.focus(),
    focusSearch: () => {
      search.field.current?.focus();
      search.field.current?.select();
    },
  };
}
