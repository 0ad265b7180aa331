import type { ElementContent, RootContent } from 'hast';
import { useMemo, type ReactNode } from 'react';
import { strings } from '../../lib/strings.ts';
import { CopyButton } from './copy-button.tsx';
import { lazyModule } from './lazy-module.ts';
import classes from './markdown.module.css';
import { visibleControls } from './visible-controls.tsx';

const useHighlighter = lazyModule(() => import('./highlighter.ts'));

export interface CodeBlockProps {
  readonly code: string;
  /** As written after the fence; absent for plain text. */
  readonly language?: string | undefined;
  /** What the copy button takes, where only part of the code is drawn. */
  readonly copyText?: string;
}

/** Code with its language, a copy button, and colours once the grammars are loaded. Long lines scroll. */
export function CodeBlock({ code, language, copyText = code }: CodeBlockProps) {
  const highlighter = useHighlighter();
  const tokens = useMemo(
    () => (language === undefined ? undefined : highlighter?.highlight(code, language.toLowerCase())),
    [highlighter, code, language],
  );
  const name = language ?? strings.markdown.plainCode;
  return (
    <figure className={classes.codeBlock}>
      <figcaption className={classes.codeHead}>
        <span className={classes.codeLanguage}>{name}</span>
        <CopyButton text={() => copyText} label={strings.markdown.copyCode} />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key */}
      <pre className={classes.codeBody} tabIndex={0} aria-label={strings.markdown.codeIn(name)} dir="ltr">
        <code>{tokens ? tokens.children.map(renderToken) : visibleControls(code)}</code>
      </pre>
    </figure>
  );
}

function renderToken(node: RootContent | ElementContent, index: number): ReactNode {
  if (node.type === 'text') return visibleControls(node.value);
  if (node.type !== 'element') return null;
  const { className } = node.properties;
  return (
    <span key={index} className={Array.isArray(className) ? className.join(' ') : ''}>
      {node.children.map(renderToken)}
    </span>
  );
}
