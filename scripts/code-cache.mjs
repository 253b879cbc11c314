#!/usr/bin/env node
// Keeps what V8 makes of a bin while it answers for the first time: a client, a person, or the lines that are given.
//
//   node code-cache.mjs dist/cli.js              writes dist/cli.cjs.cache
//   node code-cache.mjs dist/cli.js --call CALL  also calls a tool, {"name": ..., "arguments": ...}, that may refuse
//   node code-cache.mjs dist/cli.js --run ARG    runs it with this, until it ends
//   node code-cache.mjs dist/worker.js LINE ...  says these lines instead, each of which is answered by one
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [, , file, ...said] = process.argv;
const cache = resolve(file).replace(/\.js$/, '.cjs.cache');

const message = (body) => JSON.stringify({ jsonrpc: '2.0', ...body });
const about = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'build', version: '1' },
};
/** What a client says, and whether it waits for an answer. */
const greeting = (call) => [
  [message({ id: 1, method: 'initialize', params: about }), true],
  [message({ method: 'notifications/initialized' }), false],
  [message({ id: 2, method: 'tools/list', params: {} }), true],
  ...(call === undefined ? [] : [[message({ id: 3, method: 'tools/call', params: JSON.parse(call) }), true]]),
];
const [how, what] = said;
const isRun = how === '--run';
const spoken = () => {
  if (isRun) return [];
  if (said.length === 0) return greeting();
  return how === '--call' ? greeting(what) : said.map((words) => [words, true]);
};

/** As the bin, which ends when its input does. */
const keep = async () => {
  process.argv = [process.argv[0], resolve(file), ...said.slice(1)];
  const { script } = await import(pathToFileURL(resolve(file)).href);
  process.on('exit', () => writeFileSync(cache, script.createCachedData()));
};

const build = async () => {
  await rm(cache, { force: true });
  const home = await mkdtemp(join(tmpdir(), 'deskhand-build-'));
  const env = { ...process.env, DESKHAND_HOME: home, DESKHAND_LOG_LEVEL: 'silent' };
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), file, 'keep', ...(isRun ? [what] : [])],
    {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit');
  for (const [line, isAnswered] of spoken()) {
    child.stdin.write(`${line}\n`);
    if (isAnswered) await once(lines, 'line');
  }
  child.stdin.end();
  const [code] = await ended;
  await rm(home, { recursive: true, force: true });
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
};

await (how === 'keep' ? keep() : build());
