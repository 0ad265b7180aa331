import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { strings } from '../../lib/strings.ts';
import classes from './memory.module.css';
import type { MemoryFilter } from './shown-memories.ts';

interface MemoryFiltersProps {
  readonly filter: MemoryFilter;
  readonly onChange: (filter: MemoryFilter) => void;
}

const words = strings.memory.list;
const types = (['all', 'USER_FACT', 'USER_PATTERN', 'SHARED_NARRATIVE'] as const).map((value) => ({
  value,
  label: words.types[value],
}));
const states = (['believed', 'active', 'dormant', 'rejected'] as const).map((value) => ({
  value,
  label: words[value],
}));
const sorts = (['confidence', 'confirmed', 'fading'] as const).map((value) => ({ value, label: words.sorts[value] }));

/** What the list shows, and in which order. */
export function MemoryFilters({ filter, onChange }: MemoryFiltersProps) {
  return (
    <div className={classes.filters}>
      <TextInput
        size="xs"
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        leftSection={<IconSearch size={14} />}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={words.type}
        data={types}
        value={filter.type}
        onChange={(type) => onChange({ ...filter, type })}
      />
      <div className={classes.selects}>
        <NativeSelect
          size="xs"
          aria-label={words.state}
          data={states}
          value={filter.state}
          onChange={(event) => onChange({ ...filter, state: chosen(states, event.currentTarget.value) })}
        />
        <NativeSelect
          size="xs"
          aria-label={words.sort}
          data={sorts}
          value={filter.sort}
          onChange={(event) => onChange({ ...filter, sort: chosen(sorts, event.currentTarget.value) })}
        />
      </div>
    </div>
  );
}

function chosen<V extends string>(options: readonly { readonly value: V }[], value: string): V {
  const found = options.find((option) => option.value === value);
  if (!found) throw new TypeError(`No option ${value}.`);
  return found.value;
}
