import { Modal } from '@mantine/core';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { assertNever } from '../../../shared/assert.ts';
import { useWindowActions } from '../../app/window-actions.ts';
import { isFocusLost } from '../../lib/lost-focus.ts';
import { strings } from '../../lib/strings.ts';
import { ChooseStep } from './choose-step.tsx';
import { isBusy, type ImportStep } from './import-step.ts';
import { JobProgress } from './job-progress.tsx';
import { changesOf } from './import-changes.ts';
import { PlanStep } from './plan-step.tsx';
import { ReceiptStep, UndoneStep } from './receipt-step.tsx';
import { StopConfirm } from './stop-confirm.tsx';
import { useImportFlow, type ImportFlow } from './use-import-flow.ts';

interface ImportDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** A file that was dropped on the window. */
  readonly initialFile?: File;
}

const words = strings.imports;

/** Choose, dry run, import, receipt, undo: one dialog from the file to the result. */
export function ImportDialog({ opened, onClose, initialFile }: ImportDialogProps) {
  const flow = useImportFlow();
  const { focusList } = useWindowActions();
  const [isAsking, setAsking] = useState(false);
  const busy = isBusy(flow.step);
  useDroppedFile(opened ? initialFile : undefined, flow);

  const close = (): void => {
    setAsking(false);
    flow.reset();
    onClose();
  };
  const requestClose = (): void => {
    if (busy) setAsking(true);
    else close();
  };
  return (
    <Modal
      opened={opened}
      onClose={requestClose}
      title={titleOf(flow.step)}
      size={flow.step.at === 'planned' ? '64rem' : '40rem'}
      onExitTransitionEnd={() => isFocusLost() && focusList()}
      closeOnClickOutside={flow.step.at === 'choose'}
      closeButtonProps={{ 'aria-label': strings.app.close }}
    >
      {busy && isAsking && <StopConfirm onStop={close} onContinue={() => setAsking(false)} />}
      <Step flow={flow} onClose={close} />
    </Modal>
  );
}

/** Starts with a file that was dropped, once for each; while work is under way a dropped file is left alone. */
function useDroppedFile(file: File | undefined, flow: ImportFlow): void {
  const taken = useRef<File>(undefined);
  const take = useEffectEvent((dropped: File) => {
    if (taken.current === dropped || isBusy(flow.step)) return;
    taken.current = dropped;
    flow.reset();
    flow.offer(dropped);
  });
  useEffect(() => {
    if (file) take(file);
  }, [file]);
}

function Step({ flow, onClose }: { readonly flow: ImportFlow; readonly onClose: () => void }) {
  const { step } = flow;
  switch (step.at) {
    case 'choose':
      return <ChooseStep problem={step.problem} onFile={flow.offer} onPick={flow.pick} />;
    case 'uploading':
      return (
        <JobProgress
          key="upload"
          title={words.progress.uploading(step.name)}
          progress={{ phase: 'upload', done: step.done, total: step.total, unit: 'bytes' }}
          onCancel={flow.cancel}
        />
      );
    case 'reading':
      return (
        <JobProgress
          key={step.jobId}
          title={words.progress.reading(step.chosen.name)}
          jobId={step.jobId}
          onCancel={flow.cancel}
        />
      );
    case 'planned':
      return <PlanStep step={step} onRun={flow.run} onAnother={flow.reset} onClose={onClose} />;
    case 'running':
      return (
        <JobProgress
          key={step.jobId}
          title={words.progress.importing(changesOf(step.plan))}
          jobId={step.jobId}
          onCancel={flow.cancel}
        />
      );
    case 'done':
      return <ReceiptStep receipt={step.receipt} onUndo={flow.undo} onClose={onClose} />;
    case 'undoing':
      return <JobProgress key={step.jobId} title={words.progress.undoing} jobId={step.jobId} onCancel={flow.cancel} />;
    case 'undone':
      return <UndoneStep undone={step.undone} onClose={onClose} />;
    default:
      return assertNever(step, 'step of an import');
  }
}

function titleOf(step: ImportStep): string {
  return words.titles[step.at];
}
