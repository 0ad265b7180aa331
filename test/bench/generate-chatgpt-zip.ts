/**
 * Writes a ChatGPT export of any size: `node test/bench/generate-chatgpt-zip.ts FILE [--megabytes 2000] [--media 0.1]`.
 * Sharded as since 2026, with manifest and some pictures. Nothing is held in memory but one conversation.
 *
 * Lengths follow what exports look like: most messages are a few lines, an answer is a few paragraphs, one in twelve is a
 * pasted file or a tool's output of some ten thousand characters, which hardly compresses. Deterministic for its options.
 */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { conversation, emptyNode, node, type ChatgptNode } from '../fixtures/exports/chatgpt.ts';

export interface GenerateOptions {
  /** Size of the ZIP to reach, in bytes; it ends with the shard that passes it. */
  readonly zipBytes: number;
  /** Share of it that is pictures. */
  readonly mediaShare?: number;
  readonly seed?: number;
  readonly onProgress?: (zipBytes: number) => void;
}

export interface Generated {
  readonly zipBytes: number;
  readonly jsonBytes: number;
  readonly shards: number;
  readonly conversations: number;
  readonly messages: number;
}

const SHARD_JSON_BYTES = 48 * 1024 ** 2;
const FIRST_TIME = 1_690_000_000;

/** mulberry32: small, seeded, good enough for lengths and words. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Texts to choose from, more of them than deflate's window sees, so that choosing one again does not compress away. */
interface Texts {
  readonly paragraphs: readonly string[];
  readonly blobs: readonly string[];
}

function createTexts(random: (below: number) => number): Texts {
  const letters = 'etaoinshrdlucmfwypvbgkjqxz';
  const words = Array.from({ length: 8000 }, () =>
    Array.from({ length: 2 + random(9) }, () => letters[Math.min(random(26), random(26))]).join(''),
  );
  const paragraph = (): string =>
    `${Array.from({ length: 30 + random(120) }, () => words[Math.min(random(8000), random(8000))]).join(' ')}.\n\n`;
  const blob = (): string =>
    Buffer.from(Array.from({ length: 3000 + random(12_000) }, () => random(256))).toString('base64');
  return {
    paragraphs: Array.from({ length: 5000 }, paragraph),
    blobs: Array.from({ length: 800 }, blob),
  };
}

function createConversations(random: (below: number) => number): () => { json: string; messages: number } {
  const texts = createTexts(random);
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? '';
  const several = (most: number): string =>
    Array.from({ length: 1 + random(most) }, () => pick(texts.paragraphs)).join('');
  const uuid = (): string => {
    const digits = Array.from({ length: 4 }, () =>
      random(2 ** 31)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return [0, 8, 12, 16, 20].map((from, index) => digits.slice(from, [8, 12, 16, 20, 32][index])).join('-');
  };
  let count = 0;
  return () => {
    count += 1;
    const time = FIRST_TIME + count * 900;
    const root = uuid();
    const nodes: ChatgptNode[] = [emptyNode(root, null)];
    let parent = root;
    const turns = 2 + Math.min(random(14), random(14));
    for (let turn = 0; turn < turns; turn += 1) {
      const question = uuid();
      const isPaste = random(6) === 0;
      const asked = isPaste ? `${pick(texts.paragraphs)}${pick(texts.blobs)}` : pick(texts.paragraphs);
      nodes.push(node(question, parent, asked, { time: time + turn * 60, metadata: { timestamp_: 'absolute' } }));
      // One question in ten was answered twice: a branch.
      for (let answer = random(10) === 0 ? 2 : 1; answer > 0; answer -= 1) {
        const id = uuid();
        const metadata = { model_slug: 'gpt-5', request_id: uuid(), message_type: 'next', citations: [] };
        nodes.push(node(id, question, several(5), { role: 'assistant', time: time + turn * 60 + 20, metadata }));
        parent = id;
      }
    }
    const value = conversation(uuid(), nodes, {
      title: pick(texts.paragraphs).slice(0, 40),
      create_time: time,
      update_time: time + turns * 60,
    });
    return { json: JSON.stringify(value), messages: nodes.length - 1 };
  };
}

export async function generateChatgptZip(path: string, options: GenerateOptions): Promise<Generated> {
  const { zipBytes, mediaShare = 0.1, seed = 1, onProgress } = options;
  const random = createRandom(seed);
  const next = createConversations(random);
  const zip = new ZipFile();
  const out = createWriteStream(path);
  const total = { jsonBytes: 0, shards: 0, conversations: 0, messages: 0 };

  function* shard(): Generator<string> {
    let bytes = 0;
    for (let count = 0; bytes < SHARD_JSON_BYTES; count += 1) {
      const { json, messages } = next();
      bytes += json.length;
      total.jsonBytes += json.length;
      total.conversations += 1;
      total.messages += messages;
      yield `${count === 0 ? '[' : ',\n'}${json}`;
    }
    yield ']';
  }
  function addMedia(bytes: number): void {
    for (let left = bytes, number = 0; left > 0; left -= 2 * 1024 ** 2, number += 1) {
      const size = Math.min(left, 2 * 1024 ** 2);
      zip.addReadStreamLazy(`dalle-generations/file-${number}.webp`, { compress: false, size }, (done) =>
        done(null, Readable.from([Buffer.alloc(size, `${seed}-${number}`)])),
      );
    }
  }
  function addShard(): void {
    const name = `conversations-${String(total.shards).padStart(3, '0')}.json`;
    total.shards += 1;
    const stream = Readable.from(shard(), { objectMode: false, highWaterMark: 1024 ** 2 });
    stream.on('end', () => {
      onProgress?.(out.bytesWritten);
      if (out.bytesWritten < zipBytes * (1 - mediaShare)) addShard();
      else finish();
    });
    zip.addReadStream(stream, name, { compressionLevel: 1 });
  }
  function finish(): void {
    const shards = Array.from(
      { length: total.shards },
      (_, index) => `conversations-${String(index).padStart(3, '0')}.json`,
    );
    zip.addBuffer(Buffer.from(JSON.stringify({ files: shards })), 'export_manifest.json');
    zip.addBuffer(Buffer.from(JSON.stringify({ id: 'user-bench', email: 'bench@example.org' })), 'user.json');
    addMedia(Math.round(zipBytes * mediaShare));
    zip.end();
  }

  zip.outputStream.pipe(out);
  addShard();
  await finished(out);
  return { zipBytes: out.bytesWritten, ...total };
}

if (process.argv[1] === import.meta.filename) {
  const [path = 'chatgpt.zip', ...rest] = process.argv.slice(2);
  const numberOf = (name: string, otherwise: number): number => {
    const at = rest.indexOf(name);
    return at === -1 ? otherwise : Number(rest[at + 1]);
  };
  const made = await generateChatgptZip(path, {
    zipBytes: numberOf('--megabytes', 2000) * 1e6,
    mediaShare: numberOf('--media', 0.1),
  });
  console.log(JSON.stringify(made));
}
