/**
 * Cuts a long Markdown text into pieces that can be parsed one at a time, at blank lines outside fences where there are
 * any, else at a line, else in the middle. A fence that is cut is closed and opened again; link and footnote
 * definitions are given to every piece, so that references keep working.
 *
 * @param pieceChars length to aim at, in UTF-16 code units; no piece is longer than twice that, repeated fences and
 * definitions aside
 */
export function splitMarkdown(text: string, pieceChars: number): readonly string[] {
  if (text.length <= pieceChars) return [text];
  const pieces: string[] = [];
  let current = '';
  let fence: string | undefined;
  const cut = (): void => {
    pieces.push(fence === undefined ? current : `${current}${closingOf(fence)}\n`);
    current = fence === undefined ? '' : `${fence}\n`;
  };
  for (const line of shortLines(text, pieceChars)) {
    if (current !== '' && current.length + line.length > pieceChars * 2) cut();
    current += line;
    fence = fenceAfter(fence, line);
    if (current.length >= pieceChars && (fence !== undefined || line.trim() === '')) cut();
  }
  if (current !== '') pieces.push(current);
  return withDefinitions(pieces, text);
}

/** Lines with their line feeds; a line longer than a piece is cut. */
function* shortLines(text: string, longest: number): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = Math.min(feed < 0 ? text.length : feed + 1, start + longest);
    yield text.slice(start, end);
    start = end;
  }
}

const fenceLine = /^[ \t>]*(`{3,}|~{3,})(.*)$/;

/** The opening line of the fence we are in after this line, or undefined. */
function fenceAfter(fence: string | undefined, line: string): string | undefined {
  const match = fenceLine.exec(line.trimEnd());
  if (match === null) return fence;
  const [, marks = '', info = ''] = match;
  if (fence === undefined) return marks.startsWith('`') && info.includes('`') ? undefined : line.trimEnd();
  const opening = closingOf(fence);
  return info.trim() === '' && marks.startsWith(opening) ? undefined : fence;
}

function closingOf(fence: string): string {
  return fenceLine.exec(fence)?.[1] ?? '```';
}

const definition = /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S.*$/gm;

function withDefinitions(pieces: readonly string[], text: string): readonly string[] {
  const definitions = text.match(definition) ?? [];
  if (definitions.length === 0) return pieces;
  const shared = definitions.join('\n').slice(0, 20_000);
  return pieces.map((piece) => (/\[[^\]\n]+\]/.test(piece) ? `${piece}\n\n${shared}\n` : piece));
}
