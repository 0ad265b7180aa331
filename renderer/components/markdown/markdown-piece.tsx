import { memo, use, useId, useMemo } from 'react';
import ReactMarkdown, { type Options } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { extractMaths } from './extract-maths.ts';
import { markdownComponents } from './markdown-components.tsx';
import { rehypeMarks } from './rehype-marks.ts';
import { rehypeSafeLinks } from './rehype-safe-links.ts';
import { remarkMaths } from './remark-maths.ts';
import { remarkPlainHtml } from './remark-plain-html.ts';
import { safeUrl } from './safe-url.ts';
import { sanitizeSchema } from './sanitize-schema.ts';
import { TextMarksContext, type TextMark } from './text-marks.ts';

/**
 * Parses and draws one piece of Markdown:
 * formulas out → Markdown → HTML turned to text, formulas back → links made safe → allow-list → sentences marked →
 * React elements.
 * No step makes an HTML string, so there is none that could be read as markup.
 */
export const MarkdownPiece = memo(function MarkdownPiece({ text }: { readonly text: string }) {
  const idPrefix = `note-${useId().replace(/[^\w-]/g, '')}-`;
  const marks = use(TextMarksContext);
  const { extracted, options } = useMemo(() => prepare(text, idPrefix, marks), [text, idPrefix, marks]);
  return <ReactMarkdown {...options}>{extracted}</ReactMarkdown>;
});

function prepare(text: string, idPrefix: string, marks: readonly TextMark[]): { extracted: string; options: Options } {
  const { text: extracted, formulas } = extractMaths(text);
  return {
    extracted,
    options: {
      remarkPlugins: [[remarkGfm, { singleTilde: false }], remarkPlainHtml, [remarkMaths, { formulas }]],
      // Ids are per message: two messages with a footnote 1 must not answer for each other, nor for anything of ours.
      remarkRehypeOptions: { clobberPrefix: idPrefix, footnoteLabelTagName: 'p' },
      rehypePlugins: [
        [rehypeSafeLinks, { idPrefix }],
        [rehypeSanitize, sanitizeSchema],
        [rehypeMarks, { marks }],
      ],
      components: markdownComponents,
      // The last of three checks on every address.
      urlTransform: (address) => (address.startsWith(`#${idPrefix}`) ? address : safeUrl(address)),
    },
  };
}
