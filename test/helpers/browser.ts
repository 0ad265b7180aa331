import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

const cache = join(import.meta.dirname, '../../node_modules/.cache/almanac');
const extracted = join(cache, 'chromium-147.0.0');

/**
 * A real Chromium: the one in `ALMANAC_CHROMIUM`, else the one packed in an npm package (64-bit Linux), else the Chrome
 * installed on this machine. Its own flags weaken what is tested here (web security off), so that none is taken over.
 */
export async function launchBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const packed = process.platform === 'linux' && process.arch === 'x64';
  const given = process.env['ALMANAC_CHROMIUM'];
  if (given !== undefined) return chromium.launch({ executablePath: given, args });
  if (!packed) return chromium.launch({ channel: 'chrome', args });
  const executablePath = await packedChromium();
  return chromium.launch({
    executablePath,
    args: [...args, '--font-render-hinting=none'],
    env: libraries(executablePath),
  });
}

/** Unpacked once per checkout, complete or not at all: several processes may come here at the same time. */
async function packedChromium(): Promise<string> {
  const executable = join(extracted, 'chromium');
  if (existsSync(executable)) return executable;
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'chromium-'));
  await unpackInto(unfinished);
  try {
    renameSync(unfinished, extracted);
  } catch {
    // Another process was quicker; its copy is as good.
    rmSync(unfinished, { recursive: true });
  }
  return executable;
}

/** The package unpacks into the system's folder for temporary files, and its libraries only when it believes to be in AWS. */
async function unpackInto(folder: string): Promise<void> {
  const { TMPDIR, AWS_EXECUTION_ENV } = process.env;
  process.env['TMPDIR'] = folder;
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  try {
    await sparticuz.executablePath();
  } finally {
    restore('TMPDIR', TMPDIR);
    restore('AWS_EXECUTION_ENV', AWS_EXECUTION_ENV);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** The machine's own libraries, or the packed ones where it lacks some (a bare container). */
function libraries(executable: string): Record<string, string> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const missing = execFileSync('ldd', [executable], { encoding: 'utf8' }).includes('not found');
  return missing ? { ...env, LD_LIBRARY_PATH: join(extracted, 'al2023/lib') } : env;
}
