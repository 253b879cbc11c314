#!/usr/bin/env node
// Bundles the code that runs in pages into the one text that is put into an isolated world of each frame.
import { build } from 'esbuild';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../packages/chrome-mcp/dist');

await build({
  entryPoints: [join(dist, 'page', 'main.js')],
  outfile: join(dist, 'page.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: 'chrome120',
  legalComments: 'inline',
});
