import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { showError } from '../../../components/notify.tsx';
import { strings } from '../../../lib/strings.ts';
import { useMethodMutation } from '../../../lib/use-method.ts';
import { Row } from '../../settings/row.tsx';
import { Section } from '../../settings/section.tsx';
import { saveFile } from '../../thread/save-file.ts';
import classes from '../memory.module.css';

const words = strings.memoryExport;
/** Stands for the person among the names of programs, which are never empty. */
const person = '';

/** All memories and the profile as a file, for the person or for a program that may have them. */
export function ExportSection({ programs }: { readonly programs: readonly string[] }) {
  const [program, setProgram] = useState(person);
  const exporting = useMethodMutation('memory.export');
  const save = (): void =>
    exporting.mutate(program === person ? {} : { program }, {
      onError: showError,
      onSuccess: ({ document }) =>
        saveFile(words.fileName, 'application/json', `${JSON.stringify(document, null, 2)}\n`),
    });
  return (
    <Section heading={words.heading}>
      <Row label={words.label} hint={words.hint}>
        <div className={classes.field}>
          <Select
            size="xs"
            aria-label={words.audience}
            allowDeselect={false}
            data={[{ value: person, label: words.person }, ...programs]}
            value={program}
            onChange={(name) => setProgram(name ?? person)}
          />
          <Button size="xs" variant="default" loading={exporting.isPending} onClick={save}>
            {words.save}
          </Button>
        </div>
        {exporting.data && (
          <p className={classes.hint} role="status">
            {words.saved(exporting.data.memories)}{' '}
            {Object.entries(exporting.data.withheld).map(([reason, count]) => `${words.withheld(reason, count)} `)}
          </p>
        )}
      </Row>
    </Section>
  );
}
