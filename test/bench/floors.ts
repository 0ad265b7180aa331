import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { documentPath } from '../../main/store/layout.ts';
import { documentOf, groupOf, idOf } from './documents.ts';
import { type Chunk, each } from './operations.ts';

/** What the disk and the parser take by themselves, with no store around them. */
export const floorNames = ['write', 'log', 'read', 'index', 'rowScan', 'readAll', 'walk'] as const;
export type FloorName = (typeof floorNames)[number];

const LOG_BYTES = 8 * 1024 * 1024;

interface IndexRow {
  readonly id: string;
  readonly title: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly provider: string;
  readonly workspace: string;
}

/**
 * @param folder of its own
 * @param data folder whose files `read` and `readAll` read, and `walk` walks
 */
export class Floors {
  readonly #folder: string;
  readonly #size: number;
  readonly #data: string;
  readonly #log: { descriptor: number; end: number };
  #paths: string[] | undefined;
  #rows: IndexRow[] | undefined;
  #count = 0;

  constructor(folder: string, size: number, data: string) {
    this.#folder = folder;
    this.#size = size;
    this.#data = data;
    for (let at = 0; at < 30; at += 1) fs.mkdirSync(join(folder, 'files', String(at)), { recursive: true });
    const descriptor = fs.openSync(join(folder, 'log'), 'w');
    fs.writeSync(descriptor, Buffer.alloc(LOG_BYTES));
    fs.fsyncSync(descriptor);
    this.#log = { descriptor, end: 0 };
    fs.writeFileSync(join(folder, 'index.json'), JSON.stringify(this.#indexRows()));
  }

  async run(name: FloorName, chunk: Chunk): Promise<number[]> {
    switch (name) {
      case 'write':
        return this.#each(chunk, () => this.#write());
      case 'log':
        return this.#each(chunk, () => this.#append());
      case 'read':
        return this.#each(chunk, () => this.#read());
      case 'index':
        return this.#each(chunk, () => JSON.parse(fs.readFileSync(join(this.#folder, 'index.json'), 'utf8')));
      case 'rowScan':
        this.#rows ??= this.#indexRows();
        return this.#each(chunk, () => this.#scan());
      case 'readAll':
        return this.#each(chunk, () => this.#allPaths().forEach(parseFile));
      case 'walk':
        return this.#each(chunk, () => walk(this.#data));
    }
  }

  #each(chunk: Chunk, work: () => unknown): Promise<number[]> {
    return each(chunk, async () => work());
  }

  /** F: what every store that keeps a file per document has to do to make one durable. */
  #write(): void {
    this.#count += 1;
    const text = JSON.stringify(documentOf(this.#size + this.#count, this.#size));
    const path = join(this.#folder, 'files', String(this.#count % 30), `${randomUUID()}.json`);
    const descriptor = fs.openSync(`${path}.tmp`, 'w');
    fs.writeSync(descriptor, text);
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
    fs.renameSync(`${path}.tmp`, path);
  }

  #append(): void {
    this.#count += 1;
    const bytes = Buffer.from(`${JSON.stringify(documentOf(this.#size + this.#count, this.#size))}\n`);
    if (this.#log.end + bytes.length > LOG_BYTES) this.#log.end = 0;
    fs.writeSync(this.#log.descriptor, bytes, 0, bytes.length, this.#log.end);
    fs.fdatasyncSync(this.#log.descriptor);
    this.#log.end += bytes.length;
  }

  #read(): void {
    const paths = this.#allPaths();
    this.#count += 1;
    parseFile(paths[(this.#count * 7919) % paths.length] ?? '');
  }

  #scan(): readonly IndexRow[] {
    const wanted = groupOf((this.#count += 1), 'workspace');
    return (this.#rows ?? []).filter(({ workspace }) => workspace === wanted);
  }

  #allPaths(): string[] {
    return (this.#paths ??= Array.from({ length: this.#size }, (_, at) => {
      const { id, created_at: createdAt } = documentOf(at, this.#size);
      return join(this.#data, documentPath(id, createdAt));
    }));
  }

  #indexRows(): IndexRow[] {
    return Array.from({ length: this.#size }, (_, at) => {
      const { title, created_at, updated_at, provider, workspace } = documentOf(at, this.#size);
      return { id: idOf(at), title, created_at, updated_at, provider, workspace };
    });
  }
}

const parseFile = (path: string): unknown => JSON.parse(fs.readFileSync(path, 'utf8'));

/** Names only. */
function walk(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}
