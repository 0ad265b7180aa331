import { Autocomplete, Button, Group, JsonInput, NativeSelect, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type FormEvent } from 'react';
import { knownHubTypes } from '../../../../shared/collections/memory_hubs.ts';
import type { RecordScope } from '../../../../shared/collections/scope.ts';
import { strings } from '../../../lib/strings.ts';
import { useMethodMutation } from '../../../lib/use-method.ts';
import classes from '../memory.module.css';
import type { Hub } from './hubs-view.tsx';
import { parseFields } from './parse-fields.ts';

const words = strings.hubs;
const scopes = (['private', 'device', 'team'] as const).map((value) => ({
  value,
  label: strings.memory.form.scopes[value],
}));

interface HubFormProps {
  /** undefined: a new one. */
  readonly hub: Hub | undefined;
  readonly onClose: () => void;
}

/** One item of a hub: where it belongs, its key, its content as JSON. */
export function HubForm({ hub, onClose }: HubFormProps) {
  const put = useMethodMutation('memory.put_hub');
  const [hubType, setHubType] = useState(hub?.hub_type ?? knownHubTypes[0]);
  const [key, setKey] = useState(hub?.item_key ?? '');
  const [content, setContent] = useState(() => JSON.stringify(hub?.payload ?? { value: '' }, null, 2));
  const [scope, setScope] = useState<RecordScope>(hub?.scope ?? 'team');
  const payload = parseFields(content);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!payload) return;
    const item = { hub_type: hubType.trim(), item_key: key.trim(), payload, scope };
    put.mutate(hub ? { ...item, id: hub.id } : item, {
      onSuccess: () => {
        notifications.show({ message: words.saved });
        onClose();
      },
    });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Autocomplete
        label={words.hub}
        description={words.hubHint}
        data={[...knownHubTypes]}
        filter={({ options }) => options}
        maxLength={64}
        value={hubType}
        onChange={setHubType}
      />
      <TextInput
        label={words.key}
        data-autofocus
        maxLength={512}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <JsonInput
        label={words.payload}
        description={words.payloadHint}
        rows={7}
        resize="vertical"
        error={payload ? undefined : words.notJson}
        value={content}
        onChange={setContent}
      />
      <NativeSelect
        label={strings.memory.form.scope}
        data={scopes}
        value={scope}
        // The options are scopes.
        onChange={(event) => setScope(event.currentTarget.value as RecordScope)}
      />
      {put.error && (
        <p className={classes.trouble} role="alert">
          {put.error.message} {put.error.remedy}
        </p>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {strings.app.cancel}
        </Button>
        <Button type="submit" loading={put.isPending} disabled={!payload || key.trim() === '' || hubType.trim() === ''}>
          {strings.app.save}
        </Button>
      </Group>
    </form>
  );
}
