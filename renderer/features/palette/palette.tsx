import { Kbd } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useState, type KeyboardEvent } from 'react';
import type { SearchHit } from '../../../shared/ipc/models.ts';
import { useWindowActions } from '../../app/window-actions.ts';
import { showError } from '../../components/notify.tsx';
import { HighlightedText } from '../../components/highlighted-text.tsx';
import { useClient } from '../../lib/client-context.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { useSettingsChange } from '../../lib/use-settings-change.ts';
import { titleOf } from '../conversations/conversation-text.ts';
import { searchedCollections, useSearch } from '../search/search-context.tsx';
import { matchingGroups, paletteGroups, type PaletteGroup } from './palette-actions.tsx';
import classes from './palette.module.css';

const texts = strings.palette;
const mostFound = 8;
const debounceMs = 60;

/** The command palette (mod+K): every command by name, every conversation by what was said in it. */
export function Palette() {
  const search = useSearch();
  const [typed, setTyped] = useState('');
  const groups = matchingGroups(usePaletteGroups(), typed);
  const hits = useHits(typed.trim());
  const onKeyDown = (event: KeyboardEvent): void => {
    // Spotlight selects the first action when something is typed; what is found comes later and is selected by none.
    const first = groups.length === 0 ? hits?.[0] : undefined;
    if (event.key !== 'Enter' || !first || document.querySelector('[data-action][data-selected]')) return;
    search.open(first);
    spotlight.close();
  };
  return (
    <Spotlight.Root
      query={typed}
      onQueryChange={setTyped}
      shortcut="mod + K"
      tagsToIgnore={[]}
      scrollable
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      classNames={{ actionsGroup: classes.group ?? '', action: classes.action ?? '' }}
      maxHeight={440}
      attributes={{ content: { 'aria-label': texts.label } }}
    >
      <Spotlight.Search
        placeholder={texts.placeholder}
        aria-label={texts.label}
        leftSection={<IconSearch size={18} />}
        onKeyDown={onKeyDown}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <ActionGroup key={group.heading} group={group} />
        ))}
        {hits && hits.length > 0 && <Found hits={hits} />}
        {groups.length === 0 && hits?.length === 0 && <Spotlight.Empty>{texts.nothing}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function ActionGroup({ group }: { readonly group: PaletteGroup }) {
  return (
    <Spotlight.ActionsGroup label={group.heading}>
      {group.actions.map((action) => (
        <Spotlight.Action
          key={action.label}
          label={action.label}
          leftSection={action.icon}
          rightSection={action.key === undefined ? undefined : <Kbd size="xs">{action.key}</Kbd>}
          onClick={action.run}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}

/** Conversations that hold what was typed. */
function Found({ hits }: { readonly hits: readonly SearchHit[] }) {
  const search = useSearch();
  return (
    <Spotlight.ActionsGroup label={texts.groups.found}>
      {hits.map((hit) => (
        <Spotlight.Action key={`${hit.collection}/${hit.id}`} onClick={() => search.open(hit)}>
          <span className={classes.found}>
            <span className={classes.title}>{titleOf(hit)}</span>
            <span className={classes.snippet}>
              <HighlightedText text={hit.snippet} ranges={hit.ranges} />
            </span>
          </span>
        </Spotlight.Action>
      ))}
    </Spotlight.ActionsGroup>
  );
}

/** The first few things found; undefined until the first answer. */
function useHits(typed: string): readonly SearchHit[] | undefined {
  const [debounced] = useDebouncedValue(typed, debounceMs);
  const { data } = useMethod(
    'search.query',
    { text: debounced, limit: mostFound, collections: searchedCollections },
    { enabled: typed !== '' && debounced !== '', keepPrevious: true },
  );
  return typed === '' ? undefined : data?.hits;
}

function usePaletteGroups(): readonly PaletteGroup[] {
  const client = useClient();
  const change = useSettingsChange();
  const startRebuild = async (): Promise<void> => {
    await client.call('search.rebuild', {});
    notifications.show({ message: strings.settings.search.rebuildStarted });
  };
  return paletteGroups({
    host: client.host,
    window: useWindowActions(),
    setTheme: (theme) => void change({ theme }),
    rebuildSearch: () => void startRebuild().catch(showError),
    revealVault: () => void client.call('vault.reveal', {}).catch(showError),
  });
}
