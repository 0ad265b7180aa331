import { Component, type ReactNode } from 'react';
import { toAppError, type AppError } from '../../shared/errors.ts';
import { strings } from '../lib/strings.ts';
import { ErrorState } from './error-state.tsx';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: AppError | undefined;
}

/** Keeps a mistake in one part of the window from taking the rest with it. A class, because React asks for one here. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  static getDerivedStateFromError(thrown: unknown): ErrorBoundaryState {
    return { error: toAppError(thrown) };
  }

  override state: ErrorBoundaryState = { error: undefined };

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <ErrorState title={strings.app.crashTitle} error={error} onRetry={() => this.setState({ error: undefined })} />
    );
  }
}
