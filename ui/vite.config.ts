/**
 * The build of the page: one script, one style sheet, one HTML file, and a stamp of what they were made of.
 *
 * Effects: writes dist/ui.
 */
import { defineConfig, type Plugin } from 'vite';

import { sourcesStamp } from '../src/cli/ui/page-files.ts';
import { chartStyle } from '../src/viz/chart-svg.ts';
import { themeVariables } from '../src/viz/theme.ts';

const DRAWINGS = 'virtual:drawings.css';

/** The style sheet of charts and the colours of drawings, which the page shares. */
const drawings = (): Plugin => ({
  name: 'drawings',
  resolveId: (id) => (id === DRAWINGS ? `\0${DRAWINGS}` : undefined),
  load: (id) =>
    id === `\0${DRAWINGS}` ? [themeVariables('html'), chartStyle()].join('\n') : undefined,
});

/** Tells a build of other sources from this one. */
const stamp = (): Plugin => ({
  name: 'stamp',
  async generateBundle() {
    const source = (await sourcesStamp(import.meta.dirname)) ?? '';
    this.emitFile({ type: 'asset', fileName: 'stamp.txt', source: `${source}\n` });
  },
});

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [drawings(), stamp()],
  build: {
    outDir: '../dist/ui',
    // Whoever reads the page while it is built again finds the files of before or after.
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]' },
    },
  },
});
