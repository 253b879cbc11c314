#!/usr/bin/env node
// Packs the built server as an MCP bundle: node scripts/mcpb.mjs [folder to write to]
// The encoder is a native library, so that a bundle is for the platform that it was packed on.
import { zipSync } from 'fflate';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SERVER = ['cli.js', 'drill-window.js', 'THIRD-PARTY-NOTICES.txt'];
/** Left out of the bin on purpose, because it loads native code. */
const NATIVE = ['sharp'];
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

const { version } = readJson(join(root, 'package.json'));
const entries = {
  'manifest.json': readFileSync(join(root, 'manifest.json')),
  LICENSE: readFileSync(join(root, 'LICENSE')),
  'server/package.json': Buffer.from('{ "type": "module" }\n'),
};
for (const name of SERVER) entries[`server/${name}`] = readFileSync(join(root, 'dist', name));
for (const [name, folder] of NATIVE.flatMap((native) => [...withDependencies(native, root)])) {
  for (const file of filesIn(folder)) {
    if (IDLE.test(`/${file}`) && !/licen[cs]e/i.test(file)) continue;
    entries[`server/node_modules/${name}/${file}`] = readFileSync(join(folder, file));
  }
}
const [out = join(root, 'dist')] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const file = join(out, `computer-use-mcp-${version}-${process.platform}-${process.arch}.mcpb`);
writeFileSync(file, zipSync(entries, { level: 9 }));
process.stdout.write(`${file}\n`);
