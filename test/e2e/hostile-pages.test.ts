import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { createApp } from '../../main/app/create-app.ts';
import { conversation, emptyNode, node } from '../fixtures/exports/chatgpt.ts';
import { makeZip } from '../fixtures/exports/make-zip.ts';
import { callMain, scenario } from '../helpers/app-scenario.ts';
import { xssCorpus } from '../helpers/xss-corpus.ts';

/** Another program's server on this machine; counts who comes. */
async function withServer<T>(work: (origin: string, hits: string[]) => Promise<T>): Promise<T> {
  const hits: string[] = [];
  const server: Server = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    // An address of a listening TCP server is an object.
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

scenario('the contract is reached from the page: a call, a refusal, an event', async ({ page }) => {
  expect(await callMain(page, 'vault.status')).toMatchObject({ ok: true, value: { mode: 'local' } });
  expect(await callMain(page, 'vault.status', { extra: 1 })).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } });
  expect(await callMain(page, 'no.such')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  await callMain(page, 'settings.set', { welcome_done: true });
  await callMain(page, 'conversations.create', { title: 'Made beside the page' });
  await page.getByRole('row', { name: 'Made beside the page' }).waitFor();
});

scenario(
  'markup that is put into the page runs nothing: no inline script, no handler, no eval, no HTML from text',
  async ({ page }) => {
    const outcome = await page.evaluate(async () => {
      const ran = { inline: false, handler: false, made: false, evaluated: false };
      (globalThis as { ran?: typeof ran }).ran = ran;
      const attempt = (work: () => void): void => {
        try {
          work();
        } catch {
          // Refused at once; what was not refused shows in `ran`.
        }
      };
      const script = document.createElement('script');
      attempt(() => (script.textContent = 'globalThis.ran.inline = true'));
      attempt(() => script.append('globalThis.ran.inline = true'));
      attempt(() => document.body.append(script));
      const button = document.createElement('button');
      attempt(() => button.setAttribute('onclick', 'globalThis.ran.handler = true'));
      attempt(() => document.body.append(button));
      button.click();
      attempt(() => document.body.insertAdjacentHTML('beforeend', '<i id="made-of-text"></i>'));
      ran.made = document.getElementById('made-of-text') !== null;
      // The debugger, through which a test speaks to the page, may evaluate; what the page does by itself may not.
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          // oxlint-disable-next-line no-implied-eval, no-new-func, typescript/no-implied-eval -- what must not work
          attempt(() => new Function('globalThis.ran.evaluated = true')());
          resolve();
        }, 50);
      });
      return ran;
    });
    expect(outcome).toEqual({ inline: false, handler: false, made: false, evaluated: false });
  },
  { allowsProblems: true },
);

scenario(
  'nothing is fetched from elsewhere, by any way a page knows',
  async ({ page, problems }) => {
    await withServer(async (elsewhere, hits) => {
      await page.evaluate(async (origin) => {
        const add = (name: string, attributes: Record<string, string>): void => {
          const element = document.createElement(name);
          try {
            for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          } catch {
            // Refused by Trusted Types before it could be tried.
          }
          document.body.append(element);
        };
        add('img', { src: `${origin}/img` });
        add('link', { rel: 'stylesheet', href: `${origin}/css` });
        add('link', { rel: 'prefetch', href: `${origin}/prefetch` });
        add('script', { src: `${origin}/script` });
        add('iframe', { src: `${origin}/frame` });
        add('video', { src: `${origin}/video` });
        add('object', { data: `${origin}/object` });
        const styled = document.createElement('p');
        styled.style.backgroundImage = `url(${origin}/css-url)`;
        document.body.append(styled);
        await fetch(`${origin}/fetch`, { mode: 'no-cors' }).catch(() => undefined);
        navigator.sendBeacon(`${origin}/beacon`);
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`);
        socket.addEventListener('error', () => undefined);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }, elsewhere);
      expect(hits).toEqual([]);
    });
    expect(problems.join('\n')).toMatch(/Content Security Policy|ERR_BLOCKED_BY_CLIENT/);
  },
  { allowsProblems: true },
);

scenario(
  'every permission is denied, but putting text on the clipboard',
  async ({ page }) => {
    const states = await page.evaluate(async () => {
      const asked = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'midi',
        'clipboard-read',
        'persistent-storage',
      ];
      return Promise.all(
        asked.map(async (name) => {
          try {
            return (await navigator.permissions.query({ name: name as PermissionName })).state;
          } catch {
            return 'denied';
          }
        }),
      );
    });
    expect(states.filter((state) => state === 'granted')).toEqual([]);
    const media = await page.evaluate(() =>
      navigator.mediaDevices?.getUserMedia({ video: true }).then(
        () => 'given',
        () => 'denied',
      ),
    );
    expect(media ?? 'denied').toBe('denied');
  },
  { allowsProblems: true },
);

scenario('the page finds nothing of Node, and its bridge has four members', async ({ page, host }) => {
  const found = await page.evaluate(() => {
    const world = globalThis as unknown as Record<string, unknown>;
    const names = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'];
    return {
      names: names.filter((name) => typeof world[name] !== 'undefined'),
      bridge: Object.keys(world['almanac'] ?? {}),
    };
  });
  expect(found.names).toEqual([]);
  expect(found.bridge.sort()).toEqual(host === 'desktop' ? ['host', 'invoke', 'offerFile', 'subscribe'] : []);
});

async function fillWithCorpus(folder: string, vaultPath: string): Promise<void> {
  const payloads = Object.entries(xssCorpus);
  const nodes = payloads.flatMap(([name, text], index) => [
    node(`m${index}`, index === 0 ? 'root' : `m${index - 1}`, `${name}\n\n${text}`, {
      role: index % 2 === 0 ? 'user' : 'assistant',
      time: 1_700_000_000 + index,
    }),
  ]);
  const title = '<img src=x onerror="window.__xss=1">\u202Egnp.exe';
  const path = await makeZip(join(folder, 'hostile.zip'), {
    'conversations.json': [conversation('hostile', [emptyNode('root', null), ...nodes], { title })],
  });
  const app = await createApp({ vaultPath });
  await app.transfer.run({ path, name: 'hostile.zip' });
  await app.handlers['settings.set']({ welcome_done: true });
  await app.close();
}

scenario('hostile content is read, searched and listed without running or loading anything', async (stage) => {
  await stage.close();
  await fillWithCorpus(stage.folder, stage.vault);
  const { page } = await stage.reopen();
  await expectQuiet(page, async () => {
    await page.locator('[role=row][aria-rowindex]').first().click();
    await page.getByRole('heading', { name: /onerror/ }).waitFor();
    for (let turn = 0; turn < 30; turn += 1) {
      await page.mouse.move(900, 400);
      await page.mouse.wheel(0, -1500);
      await page.waitForTimeout(40);
    }
    await page.getByRole('combobox', { name: 'Search all conversations' }).fill('onerror');
    await page.getByRole('option').first().waitFor();
  });
});

/** Does the work and expects that no payload ran and that the page asked nobody else for anything. */
async function expectQuiet(page: Page, work: () => Promise<void>): Promise<void> {
  const own = new URL(page.url()).host;
  const strangers: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.host !== own && url.protocol !== 'blob:' && url.protocol !== 'data:') strangers.push(request.url());
  });
  await work();
  expect(await page.evaluate(() => (globalThis as { __xss?: unknown }).__xss)).toBeUndefined();
  expect(strangers).toEqual([]);
}

scenario(
  'a page on another port can neither read nor call, even in the browser that is signed in',
  async ({ page, origin = '' }) => {
    await withServer(async (elsewhere) => {
      const other = await page.context().newPage();
      await other.goto(elsewhere);
      const outcome = await other.evaluate(async (target) => {
        const attempt = async (path: string, options: RequestInit): Promise<string> => {
          try {
            const response = await fetch(target + path, { credentials: 'include', ...options });
            return `${response.type} ${response.status} ${(await response.text()).length}`;
          } catch {
            return 'blocked';
          }
        };
        return {
          read: await attempt('/', {}),
          call: await attempt('/api/vault.status', { method: 'POST', body: '{}', headers: { 'x-almanac': '1' } }),
          blind: await attempt('/api/conversations.create', { method: 'POST', body: '{"title":"x"}', mode: 'no-cors' }),
        };
      }, origin);
      expect(outcome).toEqual({ read: 'blocked', call: 'blocked', blind: 'blocked' });
      const framed = await other.evaluate(async (target) => {
        const frame = document.createElement('iframe');
        frame.src = target;
        document.body.append(frame);
        await new Promise((resolve) => frame.addEventListener('load', resolve));
        return frame.contentDocument === null ? 'opaque' : frame.contentDocument.title;
      }, origin);
      expect(framed).not.toBe('Almanac');
      await other.close();
      const list = await callMain(page, 'conversations.list', { view: 'active', offset: 0, limit: 10 });
      expect(list).toMatchObject({ ok: true, value: { total: 0 } });
    });
  },
  { only: 'web' },
);

scenario(
  'the session is out of reach of scripts, and a new tab of the browser shares it',
  async ({ page, origin = '' }) => {
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(page.url()).toBe(`${origin}/`);
    const tab = await page.context().newPage();
    await tab.goto(origin);
    await tab.getByText('Local only').waitFor();
    const stranger = await page.context().browser()?.newContext();
    const alone = await stranger?.newPage();
    await alone?.goto(origin);
    expect(await alone?.textContent('body')).toContain('not signed in');
    await stranger?.close();
  },
  { only: 'web' },
);
