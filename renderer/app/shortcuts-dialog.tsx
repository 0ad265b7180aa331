import { Kbd, Modal } from '@mantine/core';
import { Fragment } from 'react';
import { strings } from '../lib/strings.ts';
import classes from './shortcuts-dialog.module.css';

interface ShortcutsDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

interface Shortcut {
  /** Keys that do the same; each is pressed together with the others of its own list. */
  readonly keys: readonly (readonly string[])[];
  readonly does: string;
}

const texts = strings.shortcuts;
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
const mod = isApple ? '⌘' : 'Ctrl';
const alt = isApple ? '⌥' : 'Alt';

const groups: readonly { readonly heading: string; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    heading: texts.groups.everywhere,
    shortcuts: [
      { keys: [[mod, 'K']], does: texts.everywhere.palette },
      { keys: [['/'], [mod, 'F']], does: texts.everywhere.search },
      { keys: [['N']], does: texts.everywhere.create },
      { keys: [['?']], does: texts.everywhere.help },
      { keys: [['Esc']], does: texts.everywhere.back },
    ],
  },
  {
    heading: texts.groups.list,
    shortcuts: [
      { keys: [['↑'], ['↓']], does: texts.list.move },
      { keys: [['Home'], ['End']], does: texts.list.ends },
      { keys: [['Enter']], does: texts.list.open },
      { keys: [['F2']], does: texts.list.rename },
      { keys: [['P']], does: texts.list.pin },
      { keys: [['E']], does: texts.list.archive },
      { keys: [['T']], does: texts.list.tags },
      { keys: [['Delete']], does: texts.list.remove },
      { keys: [['Space'], ['Shift', '↓']], does: texts.list.select },
      { keys: [['Shift', 'F10']], does: texts.list.menu },
    ],
  },
  {
    heading: texts.groups.conversation,
    shortcuts: [
      { keys: [['J'], ['K']], does: texts.conversation.questions },
      {
        keys: [
          [alt, '←'],
          [alt, '→'],
        ],
        does: texts.conversation.versions,
      },
      { keys: [['M']], does: texts.conversation.remember },
      { keys: [[mod, 'Enter']], does: texts.conversation.send },
    ],
  },
  {
    heading: texts.groups.memory,
    shortcuts: [
      { keys: [['A'], ['R']], does: texts.memory.decide },
      { keys: [['Space'], [mod, 'A']], does: texts.memory.choose },
      { keys: [['M'], ['T'], ['B']], does: texts.memory.conflict },
    ],
  },
  {
    heading: texts.groups.search,
    shortcuts: [
      { keys: [['↑'], ['↓']], does: texts.results.move },
      { keys: [['Enter']], does: texts.results.open },
    ],
  },
];

/** Every key the window understands. */
export function ShortcutsDialog({ opened, onClose }: ShortcutsDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={texts.title} size="50rem">
      <div className={classes.groups}>
        {groups.map((group) => (
          <section key={group.heading} className={classes.group}>
            <h2 className={classes.heading}>{group.heading}</h2>
            <dl className={classes.list}>
              {group.shortcuts.map((shortcut) => (
                <Fragment key={shortcut.does}>
                  <dt>{shortcut.does}</dt>
                  <dd>
                    {shortcut.keys.map((chord) => (
                      <span key={chord.join()} className={classes.chord}>
                        {chord.map((key) => (
                          <Kbd key={key} size="xs">
                            {key}
                          </Kbd>
                        ))}
                      </span>
                    ))}
                  </dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
