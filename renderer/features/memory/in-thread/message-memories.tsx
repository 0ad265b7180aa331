import { IconBulb } from '@tabler/icons-react';
import { strings } from '../../../lib/strings.ts';
import classes from './in-thread.module.css';
import { hashOfMemory, titleOf, useThreadMemories } from './thread-memories.tsx';

/** At the foot of a message: what is remembered because of it. */
export function MessageMemories({ messageId }: { readonly messageId: string }) {
  const links = useThreadMemories().linksOf(messageId);
  if (links.length === 0) return null;
  // One memory may rest on two sentences of the message.
  const each = [...new Map(links.map((link) => [link.memory.id, link])).values()];
  return (
    <ul className={classes.memories} aria-label={strings.memory.inThread.label}>
      {each.map((link) => (
        <li key={link.memory.id}>
          <a className={classes.memory} href={hashOfMemory(link)}>
            <IconBulb size={13} stroke={1.75} aria-hidden />
            <span>{titleOf(link)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
