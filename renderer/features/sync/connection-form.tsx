import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { TeamTest } from '../../../shared/ipc/team.ts';
import { showError } from '../../components/notify.tsx';
import { strings } from '../../lib/strings.ts';
import { useMethodMutation } from '../../lib/use-method.ts';
import { PreviewTable } from './preview-table.tsx';
import classes from './sync.module.css';

interface ConnectionFormProps {
  readonly onDone: () => void;
  readonly onCancel?: () => void;
}

const words = strings.sync.connection;

/** Address and database; tried before they are kept, with a look at what would be sent. */
export function ConnectionForm({ onDone, onCancel }: ConnectionFormProps) {
  const form = useForm({ initialValues: { url: '', database: '' } });
  const [isPreviewShown, setPreviewShown] = useState(false);
  const test = useMethodMutation('team.test');
  const connect = useMethodMutation('team.connect');
  const isEmpty = form.values.url.trim() === '';
  const given = () => {
    const { url, database } = form.values;
    return { url: url.trim(), ...(database.trim() !== '' && { database: database.trim() }) };
  };
  const submit = form.onSubmit(() => connect.mutate(given(), { onSuccess: onDone, onError: showError }));
  return (
    <form className={classes.form} onSubmit={submit}>
      <PasswordInput
        label={words.address}
        description={words.addressHint}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('url')}
      />
      <TextInput
        label={words.database}
        description={words.databaseHint}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('database')}
      />
      {test.data && <TestResult result={test.data} />}
      {isPreviewShown && <PreviewTable />}
      <div className={classes.buttons}>
        <Button type="submit" disabled={isEmpty} loading={connect.isPending}>
          {words.connect}
        </Button>
        <Button
          variant="default"
          disabled={isEmpty}
          loading={test.isPending}
          onClick={() => test.mutate(given(), { onError: showError })}
        >
          {words.test}
        </Button>
        {!isPreviewShown && (
          <Button variant="default" onClick={() => setPreviewShown(true)}>
            {strings.sync.preview.show}
          </Button>
        )}
        {onCancel && (
          <Button variant="subtle" onClick={onCancel}>
            {words.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}

function TestResult({ result }: { readonly result: TeamTest }) {
  const { ok, problem, version, streams, prepared, warning } = result;
  if (!ok) {
    return (
      <p className={classes.trouble} role="alert">
        <strong>{words.failed}.</strong> {problem?.message} {problem?.remedy}
      </p>
    );
  }
  return (
    <p className={classes.hint} role="status">
      {words.good(version ?? '', streams ?? false)} {prepared === false && words.notPrepared} {warning}
    </p>
  );
}
