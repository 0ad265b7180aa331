// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { takeLostFocus } from '../../../renderer/lib/lost-focus.ts';

afterEach(cleanup);

/** A question that is replaced by its outcome, and another control that stays. */
function Steps({ at }: { readonly at: 'question' | 'outcome' }) {
  return (
    <>
      <button type="button">Elsewhere</button>
      {at === 'question' ? (
        <button type="button">Do it</button>
      ) : (
        <button type="button" ref={takeLostFocus}>
          Done
        </button>
      )}
    </>
  );
}

const named = (name: string): HTMLElement => screen.getByRole('button', { name });

test('what replaces the control that was used takes the keyboard over', () => {
  const { rerender } = render(<Steps at="question" />);
  named('Do it').focus();
  rerender(<Steps at="outcome" />);
  expect(document.activeElement).toBe(named('Done'));
});

test('a keyboard that is elsewhere stays there', () => {
  const { rerender } = render(<Steps at="question" />);
  named('Elsewhere').focus();
  rerender(<Steps at="outcome" />);
  expect(document.activeElement).toBe(named('Elsewhere'));
});

test('where the person pressed beside everything, nothing takes the keyboard', () => {
  const { rerender } = render(<Steps at="question" />);
  named('Do it').focus();
  fireEvent.pointerDown(document.body);
  named('Do it').blur();
  rerender(<Steps at="outcome" />);
  expect(document.activeElement).toBe(document.body);
});
