import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { ErrorState } from '../../../components/error-state.tsx';
import { strings } from '../../../lib/strings.ts';
import { useMethod, useMethodMutation } from '../../../lib/use-method.ts';
import { readProfile } from '../profile/read-profile.ts';
import { RecallResult } from './recall-result.tsx';
import classes from './recall.module.css';

const words = strings.recall;
const usualBudget = 1000;
const mostTokens = 100_000;
/** Stands for the person among the names of programs, which are never empty. */
const person = '';

/** What an assistant would be given about a subject, with the reason of each pick. */
export function RecallView() {
  const [query, setQuery] = useState('');
  const [budget, setBudget] = useState(usualBudget);
  const [program, setProgram] = useState(person);
  const recalling = useMethodMutation('memory.recall');
  const profile = useMethod('memory.profile', {});
  const programs = readProfile(profile.data ?? null).constraints.share_with;

  function ask(event: SubmitEvent): void {
    event.preventDefault();
    recalling.mutate({ query: query.trim(), budget, ...(program !== person && { program }) });
  }

  return (
    <div className={classes.page}>
      <p className={classes.hint}>{words.hint}</p>
      <form className={classes.form} onSubmit={ask}>
        <TextInput
          className={classes.query ?? ''}
          label={words.query}
          placeholder={words.queryPlaceholder}
          maxLength={10_000}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <NumberInput
          className={classes.budget ?? ''}
          label={words.budget}
          min={1}
          max={mostTokens}
          step={100}
          clampBehavior="strict"
          allowDecimal={false}
          value={budget}
          onChange={(value) => setBudget(typeof value === 'number' ? value : usualBudget)}
        />
        {programs.length > 0 && (
          <Select
            className={classes.audience ?? ''}
            label={words.audience}
            allowDeselect={false}
            data={[{ value: person, label: words.person }, ...programs.filter((name) => name !== person)]}
            value={program}
            onChange={(name) => setProgram(name ?? person)}
          />
        )}
        <Button type="submit" disabled={query.trim() === ''} loading={recalling.isPending}>
          {words.ask}
        </Button>
      </form>
      {recalling.error && <ErrorState title={words.failed} error={recalling.error} />}
      {recalling.data && <RecallResult recalled={recalling.data} budget={recalling.variables.budget ?? usualBudget} />}
    </div>
  );
}
