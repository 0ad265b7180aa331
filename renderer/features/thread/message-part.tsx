import { IconBrain, IconCode, IconCornerDownRight, IconTool } from '@tabler/icons-react';
import { assertNever } from '../../../shared/assert.ts';
import type { Part } from '../../../shared/collections/content.ts';
import type { ThreadMessage } from '../../../shared/ipc/models.ts';
import { CodeBlock } from '../../components/markdown/code-block.tsx';
import { Markdown } from '../../components/markdown/markdown.tsx';
import { strings } from '../../lib/strings.ts';
import { AttachmentStub } from './attachment-stub.tsx';
import { useLongTextMemory } from './disclosures.ts';
import { FoldedPart } from './folded-part.tsx';
import { LongText } from './long-text.tsx';
import { firstWords, readable, summaryOfInput } from './message-text.ts';

interface MessagePartProps {
  readonly part: Part;
  readonly role: ThreadMessage['role'];
  /** Who wrote it; for a tool, its name. */
  readonly author: string | null;
  readonly memoryKey: string;
}

const words = strings.thread.parts;
const iconProps = { size: 14, stroke: 1.75 } as const;

/** One typed piece of a message: what was said is shown, how it came about is folded. */
export function MessagePart({ part, role, author, memoryKey }: MessagePartProps) {
  if (role === 'tool' && (part.type === 'text' || part.type === 'code')) {
    return <ToolOutput name={author} output={part.text} memoryKey={memoryKey} />;
  }
  switch (part.type) {
    case 'text':
      return <TextPart text={part.text} role={role} memoryKey={memoryKey} />;
    case 'code':
      return <CodeBlock code={part.text} language={part.language} />;
    case 'thinking':
      return (
        <FoldedPart
          memoryKey={memoryKey}
          icon={<IconBrain {...iconProps} />}
          title={words.thinking}
          summary={firstWords(part.text)}
        >
          <Markdown text={part.text} />
        </FoldedPart>
      );
    case 'tool_call':
      return (
        <FoldedPart
          memoryKey={memoryKey}
          icon={<IconTool {...iconProps} />}
          title={words.toolCall(part.tool_name)}
          summary={summaryOfInput(part.input)}
        >
          <Value value={part.input} />
        </FoldedPart>
      );
    case 'tool_result':
      return <ToolOutput name={part.tool_name ?? author} output={part.output} memoryKey={memoryKey} />;
    case 'attachment':
      return <AttachmentStub part={part} memoryKey={memoryKey} />;
    case 'unknown':
      return (
        <FoldedPart
          memoryKey={memoryKey}
          icon={<IconCode {...iconProps} />}
          title={words.unknown}
          summary={summaryOfInput(part.raw)}
        >
          <Value value={part.raw} />
        </FoldedPart>
      );
    default:
      return assertNever(part, 'kind of message part');
  }
}

function TextPart({ text, role, memoryKey }: { text: string; role: ThreadMessage['role']; memoryKey: string }) {
  const memory = useLongTextMemory(memoryKey);
  // People press Enter where they want a new line; assistants write Markdown, where one means nothing.
  return <Markdown text={text} keepLines={role === 'user'} memory={memory} />;
}

function ToolOutput({ name, output, memoryKey }: { name: string | null; output: unknown; memoryKey: string }) {
  return (
    <FoldedPart
      memoryKey={memoryKey}
      icon={<IconCornerDownRight {...iconProps} />}
      title={words.toolResult(name)}
      summary={summaryOfInput(output)}
    >
      <Value value={output} />
    </FoldedPart>
  );
}

function Value({ value }: { readonly value: unknown }) {
  return typeof value === 'string' ? (
    <LongText text={value} />
  ) : (
    <LongText text={readable(value ?? null)} language="json" />
  );
}
