import { Component, type ReactNode } from 'react';
import { strings } from '../../lib/strings.ts';
import classes from './markdown.module.css';

interface PlainTextBoundaryProps {
  /** Shown as it is when the children cannot be drawn. */
  readonly text: string;
  readonly children: ReactNode;
}

/** One message that breaks the Markdown parser must not take the others with it: it is shown as plain text. */
export class PlainTextBoundary extends Component<PlainTextBoundaryProps, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <>
        <p className={classes.note}>{strings.markdown.plainText}</p>
        <pre className={classes.plainText}>{this.props.text}</pre>
      </>
    );
  }
}
