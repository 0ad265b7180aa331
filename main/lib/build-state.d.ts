/** True where this product of the build is missing or older than any of its sources. */
export function isBuildStale(project: string, product: 'out/renderer/index.html' | 'out/main/cli.js'): boolean;
