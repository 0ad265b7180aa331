import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { strings } from '../../../lib/strings.ts';
import classes from '../memory.module.css';

const words = strings.redaction;

interface NewRuleProps {
  /** `onKept` when it holds: until then what was typed stays, to be put right. */
  readonly onAdd: (rule: { readonly name: string; readonly pattern: string }, onKept: () => void) => void;
}

/** A rule of the person's own: a name, and a regular expression. */
export function NewRule({ onAdd }: NewRuleProps) {
  const [name, setName] = useState('');
  const [pattern, setPattern] = useState('');
  const add = (event: FormEvent): void => {
    event.preventDefault();
    onAdd({ name: name.trim(), pattern: pattern.trim() }, () => {
      setName('');
      setPattern('');
    });
  };
  return (
    <form className={classes.newField} onSubmit={add}>
      <TextInput
        size="xs"
        aria-label={words.newName}
        placeholder={words.newNameHint}
        maxLength={32}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        aria-label={words.newPattern}
        placeholder={words.newPatternHint}
        maxLength={200}
        value={pattern}
        onChange={(event) => setPattern(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" variant="default" disabled={name.trim() === '' || pattern.trim() === ''}>
        {words.add}
      </Button>
    </form>
  );
}
