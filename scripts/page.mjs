#!/usr/bin/env node
// Bundles the code that runs in pages into the one text that is put into an isolated world of each frame; beside it
// comes the engine of the accessibility audit, which is put there when it is asked for.
import { build } from 'esbuild';
import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../packages/chrome-mcp');
const dist = join(root, 'dist');

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

const { resolve } = createRequire(join(root, 'package.json'));
await copyFile(resolve('axe-core/axe.min.js'), join(dist, 'axe.js'));
