import type { ErrorData } from '../../shared/ipc/reply.ts';

/** Absolute paths: POSIX with two parts or more, Windows drives, UNC. Quoted ones may hold blanks. */
const quoted = /(['"`])((?:\/|[A-Za-z]:[\\/]|\\\\)[^'"`\n]*[\\/][^'"`\n]*)\1/g;
const bare = /(?<![\w:/.\\<])(?:\/(?:[^\s'"`/<>|]+\/)+[^\s'"`<>|]*|(?:[A-Za-z]:[\\/]|\\\\)[^\s'"`<>|]+)/g;

function baseName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
}

/** The text with every absolute path cut down to the file's own name. */
export function hidePaths(text: string): string {
  return text
    .replace(quoted, (_, quote: string, path: string) => `${quote}…/${baseName(path)}${quote}`)
    .replace(bare, (path) => {
      const closing = /[.,;:)\]]+$/.exec(path)?.[0] ?? '';
      return `…/${baseName(path.slice(0, path.length - closing.length))}${closing}`;
    });
}

function hideInside(value: unknown): unknown {
  if (typeof value === 'string') return hidePaths(value);
  if (Array.isArray(value)) return value.map(hideInside);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hideInside(member)]));
}

/** An error as the page may see it: a page that is taken over must not learn where things lie on this machine. */
export function withoutPaths(error: ErrorData): ErrorData {
  const text = { code: error.code, message: hidePaths(error.message), remedy: hidePaths(error.remedy) };
  if (error.details === undefined) return text;
  return { ...text, details: hideInside(error.details) as Record<string, unknown> };
}
