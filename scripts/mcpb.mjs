#!/usr/bin/env node
// Packs the built server of a package as an MCP bundle.
//
//   node mcpb.mjs PACKAGE [--file NAME ...] [--external NAME ...] [--native] [--out FOLDER]
//
// PACKAGE is its folder; its files are those in dist that the bin needs beside cli.js, its externals what is left out
// of the bin. With --native the bundle is for the platform that it was packed on, and its name says so.
import { zipSync } from 'fflate';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string', multiple: true, default: [] },
    external: { type: 'string', multiple: true, default: [] },
    native: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const root = resolve(positionals[0] ?? '.');
const server = ['cli.js', ...values.file, 'THIRD-PARTY-NOTICES.txt'];
/** What only its makers need. */
const IDLE = /(?:\.map|\.d\.ts|\.md|\.h|\.hpp|\.c|\.cc|binding\.gyp)$|\/(?:src|install)\//;

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** The folder of a package, as a file in `from` would find it. */
function packageFolder(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(from) === from ? undefined : packageFolder(name, dirname(from));
}

/** A package with all that it needs and that is installed, by name. */
function withDependencies(name, from, found = new Map()) {
  const folder = packageFolder(name, from);
  if (folder === undefined || found.has(name)) return found;
  found.set(name, folder);
  const { dependencies = {}, optionalDependencies = {} } = readJson(join(folder, 'package.json'));
  for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) {
    withDependencies(each, folder, found);
  }
  return found;
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => !name.split('/').includes('node_modules'))
    .filter((name) => statSync(join(folder, name)).isFile());

const { name: fullName, version } = readJson(join(root, 'package.json'));
const name = fullName.split('/').at(-1);
const entries = {
  'manifest.json': readFileSync(join(root, 'manifest.json')),
  LICENSE: readFileSync(join(root, 'LICENSE')),
  'server/package.json': Buffer.from('{ "type": "module" }\n'),
};
for (const each of server) entries[`server/${each}`] = readFileSync(join(root, 'dist', each));
for (const [each, folder] of values.external.flatMap((external) => [...withDependencies(external, root)])) {
  for (const file of filesIn(folder)) {
    if (IDLE.test(`/${file}`) && !/licen[cs]e/i.test(file)) continue;
    entries[`server/node_modules/${each}/${file}`] = readFileSync(join(folder, file));
  }
}
const out = values.out ?? join(root, 'dist');
const platform = values.native ? `-${process.platform}-${process.arch}` : '';
mkdirSync(out, { recursive: true });
const file = join(out, `${name}-${version}${platform}.mcpb`);
writeFileSync(file, zipSync(entries));
process.stdout.write(`${file}\n`);
