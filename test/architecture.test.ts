import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Who may import whom: a folder, and the folders it may reach besides itself. ARCHITECTURE.md draws it. */
const layers: Record<string, readonly string[]> = {
  shared: [],
  'main/lib': ['shared'],
  'main/query': ['shared', 'main/lib'],
  'main/records': ['shared', 'main/lib'],
  'main/store': ['shared', 'main/lib', 'main/query', 'main/records', 'main/sync'],
  'main/remote': ['shared', 'main/lib', 'main/query', 'main/records', 'main/sync'],
  'main/sync': ['shared', 'main/lib', 'main/records'],
  'main/memory': ['shared', 'main/lib', 'main/records'],
  'main/team': ['shared', 'main/lib', 'main/query', 'main/records', 'main/sync', 'main/remote', 'main/store'],
  'main/search': ['shared', 'main/lib', 'main/store'],
  'main/conversations': ['shared', 'main/lib'],
  'main/transfer': ['shared', 'main/lib', 'main/records', 'main/store', 'main/conversations'],
  'main/ipc': ['shared', 'main/lib'],
  'main/page': ['shared', 'main/lib'],
  'main/handover': ['shared', 'main/lib', 'main/ipc', 'main/store'],
  'main/app': [
    'shared',
    'main/lib',
    'main/query',
    'main/store',
    'main/remote',
    'main/sync',
    'main/memory',
    'main/team',
    'main/search',
    'main/conversations',
    'main/transfer',
    'main/ipc',
    'main/handover',
  ],
  'main/cli': ['shared', 'main/lib', 'main/handover', 'main/app', 'main/web'],
  'main/electron': ['shared', 'main/lib', 'main/ipc', 'main/app', 'main/team', 'main/page'],
  'main/web': ['shared', 'main/lib', 'main/ipc', 'main/app', 'main/page'],
  renderer: ['shared'],
};

const fileReaders = [
  'main/store',
  'main/search',
  'main/transfer',
  'main/page',
  'main/handover',
  'main/team',
  'main/cli',
  'main/electron',
  'main/web',
];

/** Packages with one home. `node:*` never reaches shared or the page. */
const homes: Record<string, readonly string[]> = {
  electron: ['main/electron'],
  mongodb: ['main/remote'],
  react: ['renderer'],
  'node:fs': fileReaders,
  'node:fs/promises': fileReaders,
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function layerOf(path: string): string | undefined {
  return Object.keys(layers).find((layer) => path.startsWith(`${layer}/`));
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [
    ...text.matchAll(
      /^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function complaint(path: string, target: string): string | undefined {
  const from = layerOf(path);
  if (from === undefined) return `${path}: stands in no layer of the table`;
  if (target.startsWith('.')) {
    const to = layerOf(normalize(join(dirname(path), target)));
    if (to === undefined || to === from || layers[from]?.includes(to)) return undefined;
    return `${path}: ${from} may not import ${to}`;
  }
  const home = homes[target];
  if (home && !home.includes(from)) return `${path}: ${target} belongs to ${home.join(', ')}`;
  if (target.startsWith('node:') && !from.startsWith('main')) return `${path}: ${from} may not import ${target}`;
  return undefined;
}

test('every import goes down the table of layers', () => {
  const complaints = ['shared', 'main', 'renderer'].flatMap((folder) =>
    sources(folder).flatMap((path) =>
      importsOf(path)
        .map((target) => complaint(path, target))
        .filter(Boolean),
    ),
  );
  expect(complaints).toEqual([]);
});

test('the check itself sees a wrong import', () => {
  expect(complaint('main/store/x.ts', '../search/worker.ts')).toBe(
    'main/store/x.ts: main/store may not import main/search',
  );
  expect(complaint('renderer/x.ts', 'node:fs')).toContain('belongs to');
  expect(complaint('main/store/x.ts', '../../shared/errors.ts')).toBeUndefined();
});
