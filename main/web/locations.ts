import { fileURLToPath } from 'node:url';

/** The built page as this code sees it: sources run from main/web/, the bundle from out/main/. */
export function rendererFolder(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? '../../out/renderer/' : '../renderer/', import.meta.url));
}
