import { ActionIcon, Autocomplete } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Input } from '../../../../shared/ipc/contract.ts';
import { showError } from '../../../components/notify.tsx';
import { withVisibleControls } from '../../../components/markdown/visible-controls.tsx';
import { strings } from '../../../lib/strings.ts';
import { useMethodMutation } from '../../../lib/use-method.ts';
import { Row } from '../../settings/row.tsx';
import { Section } from '../../settings/section.tsx';
import classes from '../memory.module.css';
import { PairForm } from './pair-form.tsx';

const words = strings.profile.preferences;
const known = ['communication_style', 'detail_level', 'explanation_style'] as const;
/** Not among the preferences in the record, but it is one. */
const levelName = 'learning_level';

interface PreferencesSectionProps {
  readonly preferences: Readonly<Record<string, string>>;
  readonly level: string | undefined;
}

/** How assistants should talk to the person: seed 004's preferences, and others by name. */
export function PreferencesSection({ preferences, level }: PreferencesSectionProps) {
  const prefer = useMethodMutation('memory.prefer');
  const send = (input: Input<'memory.prefer'>): void => prefer.mutate(input, { onError: showError });
  const set = (name: string, value: string | null): void => send({ preferences: { [name]: value } });
  const others = Object.entries(preferences).filter(([name]) => !known.some((each) => each === name));
  return (
    <Section heading={words.heading}>
      <p className={classes.hint}>{words.hint}</p>
      {known.map((name) => (
        <Row key={name} label={words.names[name]}>
          <ValueField name={name} value={preferences[name] ?? ''} onChange={(value) => set(name, value)} />
        </Row>
      ))}
      <Row label={words.names[levelName]}>
        <ValueField name={levelName} value={level ?? ''} onChange={(value) => send({ learning_level: value })} />
      </Row>
      {others.map(([name, value]) => (
        <Row key={name} label={withVisibleControls(name)}>
          <span className={classes.field}>
            <ValueField name={name} value={value} onChange={(next) => set(name, next)} />
            <ActionIcon aria-label={words.remove(name)} title={words.remove(name)} onClick={() => set(name, null)}>
              <IconX size={16} />
            </ActionIcon>
          </span>
        </Row>
      ))}
      <PairForm
        name={{ label: words.newName, placeholder: words.newNameHint, maxLength: 100 }}
        value={{ label: words.newValue, placeholder: words.newValue, maxLength: 200 }}
        add={words.add}
        onAdd={(name, value, onKept) => {
          set(name, value);
          onKept();
        }}
      />
    </Section>
  );
}

interface ValueFieldProps {
  readonly name: string;
  readonly value: string;
  /** null: it says nothing any more. */
  readonly onChange: (value: string | null) => void;
}

/** Takes effect when it is left, one of the usual values is chosen, or Enter is pressed. */
function ValueField({ name, value, onChange }: ValueFieldProps) {
  const [draft, setDraft] = useState<string>();
  const keep = (next: string | undefined): void => {
    setDraft(undefined);
    if (next === undefined || next.trim() === value) return;
    onChange(next.trim() === '' ? null : next.trim());
  };
  return (
    <Autocomplete
      size="xs"
      aria-label={words.names[name] ?? name}
      maxLength={200}
      // All of them, whatever stands there now.
      filter={({ options }) => options}
      data={[...(words.choices[name] ?? [])]}
      value={draft ?? value}
      onChange={setDraft}
      onOptionSubmit={keep}
      onBlur={() => keep(draft)}
      onKeyDown={(event) => event.key === 'Enter' && !event.defaultPrevented && keep(draft)}
    />
  );
}
