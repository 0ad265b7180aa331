import { ActionIcon, Button, NativeSelect, Popover, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconLayoutList, IconSearch, IconTable } from '@tabler/icons-react';
import { strings } from '../../lib/strings.ts';
import classes from './memory.module.css';
import { furtherCount, memorySorts, wholeList, type MemoryFilter } from './shown-memories.ts';

interface MemoryFiltersProps {
  readonly filter: MemoryFilter;
  /** Those that can be chosen. */
  readonly domains: readonly string[];
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
const sorts = memorySorts.map((value) => ({ value, label: words.sorts[value] }));
const evidences = (['all', 'with', 'without'] as const).map((value) => ({ value, label: words.evidences[value] }));
const scopes = (['all', 'private', 'device', 'team'] as const).map((value) => ({
  value,
  label: value === 'all' ? words.anyScope : strings.memory.form.scopes[value],
}));
const leasts = [0, 0.5, 0.7, 0.8, 0.9].map((value) => ({ value: String(value), label: words.least(value) }));

/** What the list shows, in which order, and as what. */
export function MemoryFilters({ filter, domains, onChange }: MemoryFiltersProps) {
  const isTable = filter.shape === 'table';
  const shapeLabel = isTable ? words.asList : words.asTable;
  return (
    <div className={classes.filters} data-shape={filter.shape}>
      <div className={classes.searchLine}>
        <TextInput
          size="xs"
          type="search"
          className={classes.search ?? ''}
          aria-label={words.search}
          placeholder={words.search}
          leftSection={<IconSearch size={14} />}
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
        />
        <FurtherFilters filter={filter} domains={domains} onChange={onChange} />
        <Tooltip label={shapeLabel}>
          <ActionIcon
            aria-label={shapeLabel}
            onClick={() => onChange({ ...filter, shape: isTable ? 'list' : 'table' })}
          >
            {isTable ? <IconLayoutList size={18} /> : <IconTable size={18} />}
          </ActionIcon>
        </Tooltip>
      </div>
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

/** Behind a button: they are asked for rarely, and the list needs the room. */
function FurtherFilters({ filter, domains, onChange }: MemoryFiltersProps) {
  const count = furtherCount(filter);
  const label = words.further(count);
  const { domain, evidence, scope, least } = wholeList;
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={label}>
          <ActionIcon aria-label={label} color={count > 0 ? 'accent' : 'gray'} variant={count > 0 ? 'light' : 'subtle'}>
            <IconAdjustmentsHorizontal size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.further ?? ''} aria-label={words.furtherTitle}>
        <NativeSelect
          size="xs"
          label={words.domain}
          data={[{ value: '', label: words.anyDomain }, ...domains]}
          value={filter.domain}
          onChange={(event) => onChange({ ...filter, domain: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          label={words.evidence}
          data={evidences}
          value={filter.evidence}
          onChange={(event) => onChange({ ...filter, evidence: chosen(evidences, event.currentTarget.value) })}
        />
        <NativeSelect
          size="xs"
          label={strings.memory.form.scope}
          data={scopes}
          value={filter.scope}
          onChange={(event) => onChange({ ...filter, scope: chosen(scopes, event.currentTarget.value) })}
        />
        <NativeSelect
          size="xs"
          label={words.leastLabel}
          data={leasts}
          value={String(filter.least)}
          onChange={(event) => onChange({ ...filter, least: Number(event.currentTarget.value) })}
        />
        <Button
          size="compact-sm"
          variant="default"
          disabled={count === 0}
          onClick={() => onChange({ ...filter, domain, evidence, scope, least })}
        >
          {words.clearFurther}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

function chosen<V extends string>(options: readonly { readonly value: V }[], value: string): V {
  const found = options.find((option) => option.value === value);
  if (!found) throw new TypeError(`No option ${value}.`);
  return found.value;
}
