#!/usr/bin/env node
// Bundles compiled entry files in place: what they import from npm moves in, relative imports stay as they are,
// so that no class of the package exists twice. Usage: node bundle.mjs dist/cli.js [...]
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';

const MARK = '/* bundled */';

const fromNpm = (path) => path.includes(`${sep}node_modules${sep}`);

const keepRelative = {
  name: 'keep-relative-imports',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\// }, ({ importer, kind, path }) =>
      kind === 'entry-point' || fromNpm(importer) ? undefined : { path, external: true },
    ),
};

const bundle = async (entry) => {
  const source = await readFile(entry, 'utf8');
  if (source.includes(MARK)) return [];
  const { outputFiles, metafile } = await build({
    absWorkingDir: dirname(resolve(entry)),
    entryPoints: [resolve(entry)],
    outfile: resolve(entry),
    allowOverwrite: true,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [keepRelative],
    sourcemap: 'linked',
    sourcesContent: false,
    // CommonJS packages ask for Node's own modules with require.
    banner: {
      js: `${MARK}\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`,
    },
  });
  for (const { path, text } of outputFiles) await writeFile(path, text);
  if (source.startsWith('#!')) await chmod(entry, 0o755);
  return Object.keys(metafile.inputs).map((input) => resolve(dirname(resolve(entry)), input));
};

const packageFolder = (file) => {
  const at = file.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules${sep}`.length;
  const parts = file.slice(at).split(sep);
  return file.slice(0, at) + parts.slice(0, parts[0].startsWith('@') ? 2 : 1).join(sep);
};

const notice = async (folder) => {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].find((at) => existsSync(join(folder, at)));
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
};

const entries = process.argv.slice(2);
const inputs = (await Promise.all(entries.map(bundle))).flat().filter(fromNpm);
const folders = [...new Set(inputs.map(packageFolder))].sort();
if (folders.length > 0) {
  const notices = await Promise.all(folders.map(notice));
  const file = join(dirname(entries.toSorted((a, b) => a.length - b.length)[0]), 'THIRD-PARTY-NOTICES.txt');
  const old = existsSync(file) ? await readFile(file, 'utf8') : '';
  const fresh = notices.filter((text) => !old.includes(text));
  await writeFile(file, [...(old === '' ? [] : [old]), ...fresh].join('\n---\n\n'));
}
