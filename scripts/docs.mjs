// Writes what is generated from code: marked sections of package READMEs and docs/reference/<package>.md.
// Usage: node scripts/docs.mjs [--check] [package folder...]; without folders, every package with a `src/reference.ts`.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import {
  errorReference,
  optionReference,
  toolReference,
  updateMarkedSections,
} from '../packages/server-runtime/dist/index.js';

const root = resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const folders = positionals.length > 0 ? positionals.map((folder) => resolve(folder)) : await documented();
const stale = [];
for (const folder of folders) stale.push(...(await update(folder)));
if (stale.length > 0) {
  console.error(`Generated text is out of date, run \`npm run docs\`:\n${stale.join('\n')}`);
  process.exitCode = 1;
}

async function documented() {
  const packages = join(root, 'packages');
  const folders = (await readdir(packages)).sort().map((name) => join(packages, name));
  return folders.filter((folder) => existsSync(join(folder, 'src/reference.ts')));
}

async function manifestOf(folder) {
  return JSON.parse((await textOf(join(folder, 'package.json'))) ?? '{}');
}

/** Brings one package's files up to date; with --check, the names of those that are not. */
async function update(folder) {
  const { reference } = await import(join(folder, 'dist/reference.js'));
  const { name, description } = await manifestOf(folder);
  const sections = {
    tools: toolReference(reference.tools),
    options: optionReference(reference.config),
    errors: errorReference(reference.errorCodes),
  };
  const readme = join(folder, 'README.md');
  const page = join(root, 'docs/reference', `${basename(folder)}.md`);
  const files = [
    [readme, updateMarkedSections((await textOf(readme)) ?? '', sections)],
    [page, pageOf(`# ${name}\n\n${description}.`, sections)],
  ];
  const changed = [];
  for (const [path, markdown] of files) {
    const text = await format(markdown, { ...(await resolveConfig(path)), parser: 'markdown' });
    if (text === (await textOf(path))) continue;
    if (values.check) changed.push(relative(root, path));
    else await write(path, text);
  }
  return changed;
}

function pageOf(head, { tools, options, errors }) {
  const parts = [
    ['Tools', tools],
    ['Options', options],
    ['Error codes', errors],
  ].filter(([, text]) => text !== '');
  return [
    head,
    'Generated from the code by `npm run docs`.',
    ...parts.map(([title, text]) => `## ${title}\n\n${text}`),
  ].join('\n\n');
}

async function write(path, text) {
  await mkdir(resolve(path, '..'), { recursive: true });
  await writeFile(path, text);
}

async function textOf(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
