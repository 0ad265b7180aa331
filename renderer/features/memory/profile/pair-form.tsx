import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import classes from '../memory.module.css';

interface PairField {
  readonly label: string;
  readonly placeholder: string;
  readonly maxLength: number;
}

interface PairFormProps {
  readonly name: PairField;
  readonly value: PairField;
  readonly add: string;
  /** `onKept` when it holds: until then what was typed stays, to be put right. */
  readonly onAdd: (name: string, value: string, onKept: () => void) => void;
}

/** One line that adds something with a name and a value. */
export function PairForm({ name: nameField, value: valueField, add, onAdd }: PairFormProps) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdd(name.trim(), value.trim(), () => {
      setName('');
      setValue('');
    });
  };
  return (
    <form className={classes.newField} onSubmit={submit}>
      <Field field={nameField} value={name} onChange={setName} />
      <Field field={valueField} value={value} onChange={setValue} />
      <Button size="xs" type="submit" variant="default" disabled={name.trim() === '' || value.trim() === ''}>
        {add}
      </Button>
    </form>
  );
}

interface FieldProps {
  readonly field: PairField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Field({ field: { label, placeholder, maxLength }, value, onChange }: FieldProps) {
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={placeholder}
      maxLength={maxLength}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
