import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { strings } from '../../lib/strings.ts';
import classes from './search-field.module.css';
import { hitElementId, resultsElementId } from './search-ids.ts';
import { useSearch } from './search-context.tsx';

/** The search field in the bar: the keyboard stays in it while the arrow keys move through the results. */
export function SearchField() {
  const { field, ...search } = useSearch();
  const hits = search.result?.hits ?? [];
  const active = hits[search.activeIndex];
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: search.activeIndex + 1,
      ArrowUp: search.activeIndex - 1,
    };
    const to = moves[event.key];
    if (to !== undefined && hits.length > 0) {
      event.preventDefault();
      search.setActiveIndex(Math.max(0, Math.min(hits.length - 1, to)));
    } else if (event.key === 'Enter' && active) {
      search.open(active);
    } else if (event.key === 'Escape') {
      if (search.text === '') field.current?.blur();
      search.setText('');
    }
  };
  return (
    <TextInput
      ref={field}
      type="search"
      size="sm"
      classNames={{ input: classes.input ?? '' }}
      aria-label={strings.search.label}
      placeholder={strings.search.placeholder}
      leftSection={<IconSearch size={16} />}
      rightSection={
        search.text === '' ? (
          <Kbd size="xs">/</Kbd>
        ) : (
          <CloseButton size="sm" aria-label={strings.search.clear} onClick={() => search.setText('')} />
        )
      }
      value={search.text}
      onChange={(event) => search.setText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      role="combobox"
      aria-expanded={hits.length > 0}
      aria-controls={resultsElementId}
      aria-autocomplete="list"
      aria-activedescendant={active && hitElementId(search.activeIndex)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
