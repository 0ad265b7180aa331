import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';

export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** Its name holds a hash of its content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** The built page, read once at start. No path from a request ever reaches the disk: what is not listed is not there. */
export interface PageFiles {
  /** `index.html` as built; it goes out through renderIndex only. */
  readonly index: string;
  /** By pathname exactly as the browser sends it, from `/`. */
  readonly files: ReadonlyMap<string, PageFile>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** @throws NOT_FOUND where the folder holds no built page. Files of kinds the page has no use for are left out. */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  let index: string | undefined;
  for (const path of regularFiles(folder)) {
    const pathname = `/${relative(folder, path).split(sep).join('/')}`;
    const mediaType = mediaTypes[extname(path)];
    if (pathname === '/index.html') index = readFileSync(path, 'utf8');
    else if (mediaType !== undefined && /^[\w./-]+$/.test(pathname)) {
      const body = new Uint8Array(readFileSync(path));
      files.set(pathname, { body, mediaType, immutable: pathname.startsWith('/assets/') });
    }
  }
  if (index === undefined) throw pageMissing();
  return { index, files };
}

/** Links are not followed: what is outside the folder is not part of the page. */
function regularFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    throw pageMissing(error);
  }
}

function pageMissing(cause?: unknown): AppError {
  return new AppError('NOT_FOUND', 'The page has not been built.', { remedy: 'Run `npm run build`.', cause });
}
