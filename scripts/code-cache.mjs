#!/usr/bin/env node
// Keeps what V8 makes of a bin while it answers a client for the first time.
//
//   node code-cache.mjs dist/cli.js      writes dist/cli.cjs.cache
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [, , file, role] = process.argv;
const cache = resolve(file).replace(/\.js$/, '.cjs.cache');

const greeting = {
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'build', version: '1' } },
};

/** As the bin, which ends when its input does. */
const keep = async () => {
  process.argv = [process.argv[0], resolve(file)];
  const { script } = await import(pathToFileURL(resolve(file)).href);
  process.on('exit', () => writeFileSync(cache, script.createCachedData()));
};

const ask = async (child, lines, { id, ...request }) => {
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...(id && { id }), ...request })}\n`);
  if (id) await once(lines, 'line');
};

const build = async () => {
  await rm(cache, { force: true });
  const home = await mkdtemp(join(tmpdir(), 'deskhand-build-'));
  const env = { ...process.env, DESKHAND_HOME: home, DESKHAND_LOG_LEVEL: 'silent' };
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), file, 'keep'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit');
  await ask(child, lines, { id: 1, ...greeting });
  await ask(child, lines, { method: 'notifications/initialized' });
  await ask(child, lines, { id: 2, method: 'tools/list', params: {} });
  child.stdin.end();
  const [code] = await ended;
  await rm(home, { recursive: true, force: true });
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
};

await (role === 'keep' ? keep() : build());
