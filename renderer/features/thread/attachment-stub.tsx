import { IconPaperclip } from '@tabler/icons-react';
import type { Part } from '../../../shared/collections/content.ts';
import { withVisibleControls } from '../../components/markdown/visible-controls.tsx';
import { formatBytes } from '../../lib/format.ts';
import { strings } from '../../lib/strings.ts';
import { FoldedPart } from './folded-part.tsx';
import { LongText } from './long-text.tsx';
import classes from './message-view.module.css';

interface AttachmentStubProps {
  readonly part: Extract<Part, { type: 'attachment' }>;
  readonly memoryKey: string;
}

const words = strings.thread.attachment;

/** A file that belonged to the message: its name and kind, whether the export held it, and the text it was read as. */
export function AttachmentStub({ part, memoryKey }: AttachmentStubProps) {
  const facts = [
    part.media_type,
    part.size_bytes === undefined ? undefined : formatBytes(part.size_bytes),
    part.missing ? words.missing : undefined,
  ].filter((fact) => fact !== undefined && fact !== '');
  return (
    <>
      <p className={classes.attachment}>
        <IconPaperclip size={14} stroke={1.75} aria-hidden />
        <span className={classes.attachmentName}>{withVisibleControls(part.name)}</span>
        <span className={classes.attachmentFacts}>{facts.join(' · ')}</span>
      </p>
      {part.text !== undefined && part.text !== '' && (
        <FoldedPart
          memoryKey={memoryKey}
          icon={<IconPaperclip size={14} stroke={1.75} />}
          title={words.text}
          summary={part.text.slice(0, 200)}
        >
          <LongText text={part.text} />
        </FoldedPart>
      )}
    </>
  );
}
