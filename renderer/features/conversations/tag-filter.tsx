import { ActionIcon, Combobox, Tooltip, useCombobox } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { formatNumber } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import classes from './tag-filter.module.css';

interface TagFilterProps {
  readonly tag: string | undefined;
  readonly onChange: (tag: string | undefined) => void;
}

/** More would make the list slow; typing narrows it down. */
const mostShown = 100;
const texts = strings.conversations.filter;

/** Chooses the tag that the list is narrowed down to. */
export function TagFilter({ tag, onChange }: TagFilterProps) {
  const [typed, setTyped] = useState('');
  const tags = useMethod('conversations.tags', {}).data ?? [];
  const matching = tags.filter((one) => one.tag.toLowerCase().includes(typed.trim().toLowerCase())).slice(0, mostShown);
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setTyped('');
    },
  });
  return (
    <Combobox
      store={combobox}
      width={240}
      position="bottom-end"
      onOptionSubmit={(value) => {
        onChange(value === tag ? undefined : value);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withAriaAttributes={false} withKeyboardNavigation={false}>
        <Tooltip label={texts.label} disabled={combobox.dropdownOpened}>
          <ActionIcon
            aria-label={texts.label}
            aria-haspopup="listbox"
            aria-expanded={combobox.dropdownOpened}
            variant={tag === undefined ? 'subtle' : 'light'}
            onClick={() => combobox.toggleDropdown()}
          >
            <IconTag size={18} />
          </ActionIcon>
        </Tooltip>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.resetSelectedOption();
          }}
          placeholder={texts.label}
          aria-label={texts.label}
        />
        <Combobox.Options mah={320} className={classes.options} aria-label={texts.label}>
          {matching.map((one) => (
            <Combobox.Option key={one.tag} value={one.tag} active={one.tag === tag} className={classes.option}>
              <span className={classes.tag}>{one.tag}</span>
              <span className={classes.count}>{formatNumber(one.count)}</span>
            </Combobox.Option>
          ))}
          {matching.length === 0 && (
            <Combobox.Empty>{tags.length === 0 ? texts.none : texts.noMatch(typed.trim())}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
