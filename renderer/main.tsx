import './lib/browser-policy.ts';
import './styles/tokens.css';
import './styles/base.css';
import '@fontsource-variable/source-serif-4/opsz.css';
import '@fontsource-variable/source-serif-4/opsz-italic.css';
import '@mantine/core/styles.layer.css';
import '@mantine/charts/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import '@mantine/dropzone/styles.layer.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { must } from '../shared/assert.ts';
import type { Bridge } from '../shared/ipc/bridge.ts';
import { App } from './app/app.tsx';
import { Providers } from './app/providers.tsx';
import { createClient } from './lib/client.ts';
import { createWebBridge } from './lib/web-bridge.ts';

declare global {
  interface Window {
    /** Put there by the desktop's preload; absent in a browser. */
    readonly almanac?: Bridge<File>;
  }
}

const client = createClient(window.almanac ?? createWebBridge());

createRoot(must(document.getElementById('root'), 'the element that the page is drawn into')).render(
  <StrictMode>
    <Providers client={client}>
      <App />
    </Providers>
  </StrictMode>,
);
