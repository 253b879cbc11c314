#!/usr/bin/env node
// Runs the bundle beside it with what V8 made of it during the build, which takes half the time of compiling it.
// Another version of V8 refuses that and compiles.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const filename = fileURLToPath(import.meta.url).replace(/\.js$/, '.cjs');

const readCache = () => {
  try {
    return readFileSync(`${filename}.cache`);
  } catch {
    return undefined; // packages come without one
  }
};

// the bundle is ASCII
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: readCache() });
script.runInThisContext()(createRequire(filename), filename, dirname(filename), import.meta.url);

export { script };
