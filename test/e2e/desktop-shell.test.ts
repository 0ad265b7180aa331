import type { ElectronApplication } from 'playwright-core';
import { expect } from 'vitest';
import { callMain, scenario, type Stage } from '../helpers/app-scenario.ts';

const only = 'desktop';

/** Not in Electron's types; what its own tests ask. */
interface Undocumented {
  getLastWebPreferences(): Electron.WebPreferences;
}

function electronOf({ electron }: Stage): ElectronApplication {
  if (electron === undefined) throw new Error('This scenario is for the desktop.');
  return electron;
}

scenario(
  'every window keeps the guarded preferences',
  async (stage) => {
    const preferences = await electronOf(stage).evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => (contents as unknown as Undocumented).getLastWebPreferences()),
    );
    expect(preferences.length).toBeGreaterThan(0);
    for (const each of preferences) {
      expect(each).toMatchObject({
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
      });
    }
  },
  { only },
);

scenario(
  'the page cannot be led away and opens no windows; a safe link asks first, others do nothing',
  async (stage) => {
    const { page } = stage;
    const electron = electronOf(stage);
    await electron.evaluate(({ dialog, shell }) => {
      const seen = { asked: [] as string[], opened: [] as string[] };
      (globalThis as { seen?: typeof seen }).seen = seen;
      const answer = async (...args: unknown[]): Promise<Electron.MessageBoxReturnValue> => {
        seen.asked.push(String((args.at(-1) as Electron.MessageBoxOptions).detail));
        return { response: seen.asked.length === 1 ? 1 : 0, checkboxChecked: false };
      };
      dialog.showMessageBox = answer as typeof dialog.showMessageBox;
      shell.openExternal = async (address: string) => void seen.opened.push(address);
    });
    const follow = async (address: string, target: string): Promise<void> => {
      await page.evaluate(
        ([href, where]) => {
          const link = document.createElement('a');
          link.href = href;
          link.target = where;
          document.body.append(link);
          link.click();
          link.remove();
        },
        [address, target] as const,
      );
      await page.waitForTimeout(60);
    };
    const refused = ['http://example.org/', 'file:///etc/passwd', 'javascript:location.assign("https://x.example")'];
    const programs = ['smb://host/share', 'ms-msdt:/id', 'vscode://file/x', 'data:text/html,x', 'app://other/'];
    for (const address of [...refused, ...programs]) for (const target of ['', '_blank']) await follow(address, target);
    await page.evaluate(() => {
      window.open('file:///etc/passwd');
      window.open('', 'blank');
    });
    await follow('https://example.org/declined', '_blank');
    await follow('https://example.org/agreed', '_blank');
    await follow('mailto:ada@example.org', '_blank');
    const seen = await electron.evaluate(() => (globalThis as { seen?: unknown }).seen);
    expect(seen).toEqual({
      asked: ['https://example.org/declined', 'https://example.org/agreed', 'mailto:ada@example.org'],
      opened: ['https://example.org/agreed', 'mailto:ada@example.org'],
    });
    expect(page.url()).toBe('app://ui/');
    expect(electron.windows()).toHaveLength(1);
    expect(await callMain(page, 'vault.status')).toMatchObject({ ok: true });
  },
  { only, allowsProblems: true },
);

scenario(
  'a page that leads itself to nothing is brought back',
  async ({ page }) => {
    await page.getByText('Local only').waitFor();
    await page.evaluate(() => location.assign('about:blank'));
    await page.waitForURL('app://ui/');
    await page.getByText('Local only').waitFor();
  },
  { only },
);

scenario(
  'frames and webviews get no bridge and no answer',
  async ({ page }) => {
    const found = await page.evaluate(async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const view = document.createElement('webview');
      view.setAttribute('src', 'app://ui/');
      document.body.append(view);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const inside = frame.contentWindow as (Window & { almanac?: unknown }) | null;
      return { bridge: typeof inside?.almanac, webview: typeof (view as { getURL?: unknown }).getURL };
    });
    expect(found).toEqual({ bridge: 'undefined', webview: 'undefined' });
  },
  { only, allowsProblems: true },
);

scenario(
  'a window that was not admitted is not answered, though it shows the page with the bridge',
  async (stage) => {
    const electron = electronOf(stage);
    const code = await electron.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/out/preload/preload.cjs`;
      const second = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      await second.loadURL('app://ui/');
      const reply: unknown = await second.webContents.executeJavaScript(`window.almanac.invoke('vault.status', {})`);
      second.destroy();
      return (reply as { error?: { code: string } }).error?.code;
    });
    expect(code).toBe('FORBIDDEN');
  },
  { only },
);

scenario(
  'only what the page is made of is served under app://ui',
  async ({ page }) => {
    const statuses = await page.evaluate(async () => {
      const paths = [
        '/../package.json',
        '/%2e%2e/package.json',
        '/..%2fpackage.json',
        '/assets/..\\..\\x',
        '/C:/x',
        '/index.html',
        '/%00',
      ];
      return Promise.all(paths.map(async (path) => (await fetch(path)).status));
    });
    expect(new Set(statuses)).toEqual(new Set([404]));
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
    expect(policy).toContain(`default-src 'none'`);
  },
  { only, allowsProblems: true },
);

scenario(
  'a file the page makes up has no path and is refused',
  async ({ page }) => {
    const reply = await page.evaluate(async () => {
      const { almanac } = globalThis as unknown as { almanac: { offerFile(file: File): Promise<unknown> } };
      return almanac.offerFile(new File(['{}'], '/etc/passwd'));
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } });
  },
  { only },
);

scenario(
  'the window comes back in the size it had',
  async (stage) => {
    await electronOf(stage).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1000, 700));
    await stage.page.waitForTimeout(300);
    await electronOf(stage).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const again = await stage.reopen();
    const state = await electronOf(again).evaluate(({ app }) => app.getPath('userData'));
    expect(state).toContain('user-data');
    const { readWindowState } = await import('../../main/electron/window-state.ts');
    expect(readWindowState(`${state}/window.json`)?.bounds).toMatchObject({ width: 1000, height: 700 });
  },
  { only },
);
