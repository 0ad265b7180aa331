import { Button, Group, Modal, TagsInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { ConversationRow } from '../../../shared/ipc/models.ts';
import { strings } from '../../lib/strings.ts';
import { useMethod } from '../../lib/use-method.ts';
import { titleOf } from './conversation-text.ts';

interface TagsEditorProps {
  readonly row: ConversationRow | undefined;
  readonly onSave: (row: ConversationRow, tags: readonly string[]) => void;
  readonly onClose: () => void;
}

/** The contract's limits. */
const mostTags = 50;
const longestTag = 60;
const texts = strings.conversations.tags;

/** The dialog in which a conversation's tags are changed. */
export function TagsEditor({ row, onSave, onClose }: TagsEditorProps) {
  return (
    <Modal opened={row !== undefined} onClose={onClose} title={texts.title}>
      {row && <TagsForm key={row.id} row={row} onSave={onSave} onClose={onClose} />}
    </Modal>
  );
}

function TagsForm({ row, onSave, onClose }: TagsEditorProps & { readonly row: ConversationRow }) {
  const [tags, setTags] = useState<readonly string[]>(row.tags);
  const known = useMethod('conversations.tags', {});
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave(row, tags);
    onClose();
  };
  return (
    <form onSubmit={submit}>
      <TagsInput
        label={titleOf(row)}
        aria-label={texts.label}
        description={texts.hint}
        placeholder={texts.placeholder}
        data={(known.data ?? []).map((one) => one.tag)}
        value={[...tags]}
        onChange={(next) => setTags(next.map(tidied).filter((tag) => tag !== ''))}
        maxTags={mostTags}
        data-autofocus
        openOnFocus={false}
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          {strings.app.cancel}
        </Button>
        <Button type="submit">{strings.app.save}</Button>
      </Group>
    </form>
  );
}

function tidied(tag: string): string {
  return tag.trim().replace(/^#/, '').slice(0, longestTag);
}
