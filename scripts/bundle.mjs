#!/usr/bin/env node
// Bundles compiled files with esbuild.
//
//   node bundle.mjs dist/cli.js [...]
//     In place: what the entries import from npm moves in, relative imports stay as they are, so that no class of
//     the package exists twice.
//   node bundle.mjs --bin dist/cli/main.js dist/cli.js [--external NAME ...]
//     A bin that nobody imports: everything moves in, so that it starts fast. With --cached, what V8 makes of it is
//     kept beside it, while it serves a client, whose first call --call has, answers what --say has, or runs with
//     what --run has.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const MARK = '/* bundled */';

const fromNpm = (path) => path.includes(`${sep}node_modules${sep}`);

const keepRelative = {
  name: 'keep-relative-imports',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\// }, ({ importer, kind, path }) =>
      kind === 'entry-point' || fromNpm(importer) ? undefined : { path, external: true },
    ),
};

/** Nobody asks for another language than English, and all of them cost time at each start. */
const englishOnly = {
  name: 'english-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: `export { default as en } from './en.js';`,
      resolveDir: dirname(path),
    })),
};

/** What CommonJS packages take for granted. */
const banner = (suffix) => [
  `import { createRequire as createRequire${suffix} } from 'node:module';`,
  `import { dirname as dirnameOf${suffix} } from 'node:path';`,
  `import { fileURLToPath as fileURLToPath${suffix} } from 'node:url';`,
  `const require = createRequire${suffix}(import.meta.url);`,
  `const filename${suffix} = fileURLToPath${suffix}(import.meta.url);`,
  `const dirname${suffix} = dirnameOf${suffix}(filename${suffix});`,
];

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** As it is read; esbuild leaves other letters in regular expressions. */
const asAscii = (text) =>
  text.replaceAll(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A script instead of a module, because only of scripts V8 lets its code be kept. */
const bundleCached = async (entry, outfile, { call, run, say = [], ...options }) => {
  const script = outfile.replace(/\.js$/, '.cjs');
  const { metafile } = await build({
    ...options,
    entryPoints: [resolve(entry)],
    absWorkingDir: dirname(resolve(entry)),
    outfile: resolve(script),
    bundle: true,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    // a function, as its starter calls it, since to put it in one there takes as much memory again
    banner: { js: '(function (require, __filename, __dirname, importMetaUrl) {' },
    footer: { js: '})' },
    // what V8 kept of a script cannot import any more
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': 'importMetaUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
  });
  // the first line is for the shell, which starts the file that runs this one
  const text = (await readFile(script, 'utf8')).replace(/^#!.*/, '');
  await writeFile(script, asAscii(text));
  await copyFile(here('cached-bin.mjs'), outfile);
  await chmod(outfile, 0o755);
  const wished = Object.entries({ '--call': call, '--run': run }).filter(([, words]) => words !== undefined);
  const said = wished.length === 0 ? say : wished.flat();
  execFileSync(process.execPath, [here('code-cache.mjs'), outfile, ...said], { stdio: 'inherit' });
  return Object.keys(metafile.inputs).map((input) => resolve(dirname(resolve(entry)), input));
};

const bundle = async (entry, outfile, options) => {
  const source = await readFile(entry, 'utf8');
  if (source.includes(MARK)) return [];
  // a bundle may take in another one, whose names for this must differ
  const id = createHash('sha256').update(resolve(outfile)).digest('hex').slice(0, 8);
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: dirname(resolve(entry)),
    entryPoints: [resolve(entry)],
    outfile: resolve(outfile),
    allowOverwrite: true,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    // CommonJS packages ask for Node's own modules with require.
    banner: { js: [MARK, ...banner(`_${id}`)].join('\n') },
    // esbuild does not know the banner's names, so these are put in by definition
    define: { __filename: `filename_${id}`, __dirname: `dirname_${id}` },
  });
  for (const { path, text } of outputFiles) await writeFile(path, text);
  if (source.startsWith('#!')) await chmod(outfile, 0o755);
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bin: { type: 'boolean' },
    cached: { type: 'boolean' },
    external: { type: 'string', multiple: true },
    call: { type: 'string' },
    run: { type: 'string' },
    say: { type: 'string', multiple: true },
  },
});
const results = values.bin
  ? [
      (values.cached ? bundleCached : bundle)(positionals[0], positionals[1], {
        ...{ external: values.external ?? [], plugins: [englishOnly] },
        ...{ minifyWhitespace: true, minifySyntax: true },
        ...(values.cached && { call: values.call, run: values.run, say: values.say }),
      }),
    ]
  : positionals.map((entry) => bundle(entry, entry, { plugins: [keepRelative] }));
const inputs = (await Promise.all(results)).flat().filter(fromNpm);
const folders = [...new Set(inputs.map(packageFolder))].sort();
if (folders.length > 0) {
  const notices = await Promise.all(folders.map(notice));
  const beside = values.bin ? positionals[1] : positionals.toSorted((a, b) => a.length - b.length)[0];
  const file = join(dirname(beside), 'THIRD-PARTY-NOTICES.txt');
  const old = existsSync(file) ? await readFile(file, 'utf8') : '';
  const fresh = notices.filter((text) => !old.includes(text));
  await writeFile(file, [...(old === '' ? [] : [old]), ...fresh].join('\n---\n\n'));
}
