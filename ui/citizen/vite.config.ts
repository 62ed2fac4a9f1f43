import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The weights of the first screen are asked for before the style sheet is read. */
const FIRST_FONTS = /(titillium-web-latin-(300|400|600|700)|lora-latin-600)-normal/;

const preloadFonts: Plugin = {
  name: 'jolly:preload-fonts',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => FIRST_FONTS.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `./${file}`, crossorigin: '' },
          injectTo: 'head' as const,
        })),
  },
};

/** The icons' licence asks that its text goes with every copy. */
const licences: Plugin = {
  name: 'jolly:licences',
  apply: 'build',
  generateBundle() {
    const text = readFileSync(new URL('../kit/icons/LICENSE.bootstrap-italia.txt', import.meta.url), 'utf8');
    this.emitFile({ type: 'asset', fileName: 'LICENSE.bootstrap-italia.txt', source: text });
  },
};

/** One page, relative base (own protocol, loopback or file), nothing from another host. `npx vite build ui/citizen`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react(), preloadFonts, licences],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'chrome120',
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 900,
  },
});
