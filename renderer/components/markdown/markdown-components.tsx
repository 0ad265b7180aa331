import type { Element, ElementContent } from 'hast';
import type { ComponentPropsWithoutRef, MouseEvent } from 'react';
import type { Components, ExtraProps } from 'react-markdown';
import { strings } from '../../lib/strings.ts';
import { CodeBlock } from './code-block.tsx';
import { ImageStub } from './image-stub.tsx';
import classes from './markdown.module.css';
import { Maths } from './maths.tsx';
import { SafeLink } from './safe-link.tsx';
import { visibleControls } from './visible-controls.tsx';

/** How each element of a message is drawn. Headings begin at level 3: the page and the conversation have 1 and 2. */
export const markdownComponents: Components = {
  a: Link,
  code: Code,
  pre: Pre,
  span: Span,
  table: Table,
  input: CheckBox,
  mark: Mark,
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
};

function Link({ href = '', children, id, 'aria-label': label }: ComponentPropsWithoutRef<'a'> & ExtraProps) {
  if (!href.startsWith('#')) return <SafeLink href={href}>{children}</SafeLink>;
  return (
    <a href={href} id={id} aria-label={label} onClick={jumpInMessage}>
      {children}
    </a>
  );
}

/** A sentence that leads somewhere in this window; made by rehypeMarks alone. */
function Mark({ node, children, title }: ComponentPropsWithoutRef<'mark'> & ExtraProps) {
  const { dataHref, dataMark, dataFirst, dataFaint } = node?.properties ?? {};
  if (typeof dataHref !== 'string' || typeof dataMark !== 'string') return children;
  return (
    <mark className={classes.marked} data-mark={dataMark} data-faint={dataFaint === true || undefined}>
      <a href={dataHref} title={title} {...(dataFirst === true ? {} : { tabIndex: -1 })}>
        {children}
      </a>
    </mark>
  );
}

/** Scrolls to the footnote and back without touching the address, which is the window's route. */
function jumpInMessage(event: MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  const id = event.currentTarget.getAttribute('href')?.slice(1) ?? '';
  const target = document.getElementById(decodeURIComponent(id));
  target?.scrollIntoView({ block: 'nearest' });
  target?.querySelector('a')?.focus({ preventScroll: true });
}

function Code({ node, children }: ComponentPropsWithoutRef<'code'> & ExtraProps) {
  const maths = node && mathsOf(node);
  if (maths) return <Maths {...maths} />;
  return (
    <code className={classes.inlineCode}>{typeof children === 'string' ? visibleControls(children) : children}</code>
  );
}

function mathsOf(node: Element): { tex: string; source: string; display: boolean } | undefined {
  const { dataSource } = node.properties;
  if (typeof dataSource !== 'string') return undefined;
  return { tex: textOf(node), source: dataSource, display: classNames(node).includes('math-display') };
}

function Pre({ node, children }: ComponentPropsWithoutRef<'pre'> & ExtraProps) {
  const code = node?.children[0];
  if (code?.type !== 'element') return <pre>{children}</pre>;
  const language = classNames(code)
    .find((name) => name.startsWith('language-'))
    ?.slice('language-'.length);
  return <CodeBlock code={textOf(code).replace(/\n$/, '')} language={language} />;
}

function Span({ node, children }: ComponentPropsWithoutRef<'span'> & ExtraProps) {
  const { dataImage, dataAlt } = node?.properties ?? {};
  if (typeof dataImage !== 'string') return <span>{children}</span>;
  return <ImageStub address={dataImage} alt={typeof dataAlt === 'string' ? dataAlt : ''} />;
}

function Table({ children }: ComponentPropsWithoutRef<'table'> & ExtraProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key
    <figure className={classes.tableBox} aria-label={strings.markdown.table} tabIndex={0}>
      <table>{children}</table>
    </figure>
  );
}

function CheckBox({ checked }: ComponentPropsWithoutRef<'input'> & ExtraProps) {
  const label = checked === true ? strings.markdown.done : strings.markdown.notDone;
  return <input type="checkbox" checked={checked === true} readOnly disabled aria-label={label} />;
}

function classNames(node: Element): readonly string[] {
  const { className } = node.properties;
  return Array.isArray(className) ? className.map(String) : [];
}

function textOf(node: ElementContent): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}
