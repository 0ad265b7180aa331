import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef } from 'react';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { useClient } from '../../lib/client-context.ts';
import { strings } from '../../lib/strings.ts';
import { ExportGuide } from './export-guide.tsx';
import type { Problem } from './import-step.ts';
import classes from './import.module.css';

interface ChooseStepProps {
  readonly problem: Problem | undefined;
  readonly onFile: (file: File) => void;
  readonly onPick: (kind: 'file' | 'folder') => void;
}

const words = strings.imports.choose;

/** Where a file is chosen. Dropping one works on the whole window, this dialog included. */
export function ChooseStep({ problem, onFile, onPick }: ChooseStepProps) {
  return (
    <div className={classes.choose}>
      {problem && <ProblemNote problem={problem} />}
      <div className={classes.zone}>
        <IconFileImport size={30} stroke={1.4} aria-hidden />
        <p className={classes.zoneTitle}>{words.title}</p>
        <p className={classes.zoneHint}>{words.hint}</p>
        <ChooseButtons onFile={onFile} onPick={onPick} />
      </div>
      <ExportGuide />
    </div>
  );
}

function ChooseButtons({ onFile, onPick }: Pick<ChooseStepProps, 'onFile' | 'onPick'>) {
  const { host } = useClient();
  const input = useRef<HTMLInputElement>(null);
  if (host === 'desktop') {
    return (
      <div className={classes.buttons}>
        <Button data-autofocus onClick={() => onPick('file')}>
          {words.file}
        </Button>
        <Button variant="default" onClick={() => onPick('folder')}>
          {words.folder}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.buttons}>
      <input
        ref={input}
        hidden
        type="file"
        accept=".zip,.json,application/zip,application/json"
        aria-label={words.file}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // Emptied, so that choosing the same file again is a change too.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
      <Button data-autofocus onClick={() => input.current?.click()}>
        {words.file}
      </Button>
    </div>
  );
}

function ProblemNote({ problem }: { readonly problem: Problem }) {
  const { error, name } = problem;
  if (error.code === 'CANCELLED') {
    return (
      <output className={classes.problem} data-quiet>
        {words.cancelled}
      </output>
    );
  }
  return (
    <div className={classes.problem} role="alert">
      <p>{name === undefined ? strings.app.errorTitle : words.failed(withVisibleControls(name))}</p>
      <p>{error.message}</p>
      <p>{error.remedy}</p>
    </div>
  );
}
