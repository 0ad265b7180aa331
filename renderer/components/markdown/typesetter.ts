import katex from 'katex';
import 'katex/dist/katex.min.css';

const longestTex = 8_000;

/**
 * Typesets TeX into the element; false where that is not possible, and the element is then empty.
 *
 * `katex.render` builds nodes one by one, so that it needs no HTML string (Trusted Types) and no style attribute (CSP).
 * `trust: false` refuses `\href`, `\includegraphics` and everything else that reaches out of the formula.
 */
export function typeset(tex: string, display: boolean, element: HTMLElement): boolean {
  if (tex.length > longestTex) return false;
  try {
    katex.render(tex, element, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      maxExpand: 200,
      maxSize: 30,
    });
    return true;
  } catch {
    element.replaceChildren();
    return false;
  }
}
