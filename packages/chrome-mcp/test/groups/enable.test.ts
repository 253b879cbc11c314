import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { groupNames, groups } from '../../src/groups/index.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const listed = z.object({ result: z.object({ tools: z.array(z.object({ name: z.string() })) }) });
const called = z.object({
  result: z.object({
    content: z.array(z.object({ text: z.string() })),
    structuredContent: z.record(z.string(), z.unknown()).optional(),
  }),
});

let home: string;
let server: ChildProcess;
let lines: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'deskhand-enable-'));
  lines = [];
});

afterEach(async () => {
  const ended = server.exitCode === null ? once(server, 'exit') : null;
  server.stdin?.end();
  await ended;
  await rm(home, { recursive: true, force: true });
});

const send = (message: object): void =>
  void server.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

async function start(args: readonly string[]): Promise<void> {
  server = spawn(process.execPath, [CLI, '--headless', ...args], {
    env: { ...process.env, DESKHAND_HOME: home },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (server.stdout !== null)
    createInterface({ input: server.stdout }).on('line', (line) => lines.push(line));
  const clientInfo = { name: 'test', version: '0' };
  await ask(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  send({ method: 'notifications/initialized' });
}

/** The answer as it came. */
async function ask(id: number, method: string, params: object = {}): Promise<string> {
  send({ id, method, params });
  return expect
    .poll(() => lines.find((line) => line.includes(`"id":${id}`)), { timeout: 20_000 })
    .toBeDefined()
    .then(() => lines.find((line) => line.includes(`"id":${id}`)) ?? '');
}

const namesIn = (line: string): readonly string[] =>
  listed.parse(JSON.parse(line)).result.tools.map(({ name }) => name);

test('what is offered at first is at most 14 tools and 8,000 bytes', async () => {
  await start([]);
  const answer = await ask(2, 'tools/list');
  expect(namesIn(answer)).toEqual([
    ...['navigate', 'tabs', 'snapshot', 'find', 'click', 'fill', 'fill_form', 'press_key', 'act', 'wait_for'],
    ...['screenshot', 'evaluate', 'handle_dialog', 'enable'],
  ]);
  expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(8_000);
});

test('switching a group on is told to the client, and offers its tools until it is switched off', async () => {
  await start([]);
  const before = namesIn(await ask(2, 'tools/list'));
  const { result } = called.parse(
    JSON.parse(await ask(3, 'tools/call', { name: 'enable', arguments: { groups: ['console'] } })),
  );
  expect(result.structuredContent).toEqual({ on: ['console'] });
  expect(result.content[0]?.text).toMatch(/^On: console\.\n- console_messages takes /);
  expect(lines.filter((line) => line.includes('notifications/tools/list_changed'))).toHaveLength(1);
  expect(namesIn(await ask(4, 'tools/list'))).toEqual([...before, 'console_messages', 'console_message']);
  await ask(5, 'tools/call', { name: 'enable', arguments: { groups: ['console'], off: true } });
  expect(namesIn(await ask(6, 'tools/list'))).toEqual(before);
});

test('a client that lists tools only once runs those of a group through enable, which runs no others', async () => {
  await start([]);
  const enable = async (id: number, input: object): Promise<string> => {
    const line = await ask(id, 'tools/call', { name: 'enable', arguments: input });
    return called.parse(JSON.parse(line)).result.content[0]?.text ?? '';
  };
  expect(await enable(2, { call: 'console_message', with: { id: 1 } })).toMatch(
    /Give its group too: \{"groups": \["console"\]\}/,
  );
  expect(await enable(3, { groups: ['console'], call: 'console_message', with: { id: 1 } })).toMatch(
    /^There is no message 1/,
  );
  expect(await enable(4, { call: 'console_message', with: { id: 'x' } })).toMatch(/console_message takes id/);
  expect(await enable(5, { call: 'navigate', with: { url: 'about:blank' } })).toMatch(
    /Of groups that are on/,
  );
});

test('a tool of a group that is off is answered with what switches it on, also on the command line', async () => {
  await start([]);
  const hint =
    'It is a tool of the group files: enable {"groups": ["files"]} switches it on, or --enable files at the start.';
  const answer = called.parse(JSON.parse(await ask(2, 'tools/call', { name: 'upload_file', arguments: {} })));
  expect(answer.result.content[0]?.text).toContain(`There is no tool \`upload_file\` now. ${hint}`);
  const unknown = called.parse(JSON.parse(await ask(3, 'tools/call', { name: 'upload_fil', arguments: {} })));
  expect(unknown.result.content[0]?.text).toContain('The tools are: navigate, ');
  const run = async (args: readonly string[]): Promise<string> => {
    const cli = spawn(process.execPath, [CLI, 'call', '--headless', ...args], {
      env: { ...process.env, DESKHAND_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, said] = await Promise.all([text(cli.stdout), text(cli.stderr), once(cli, 'exit')]);
    return out + said;
  };
  expect(await run(['downloads'])).toContain('--enable files at the start');
  expect(await run(['--enable', 'files', 'downloads'])).toContain('0 downloads');
});

test('each group offers the tools that it names', async () => {
  await start(['--enable', groupNames.join(',')]);
  const names = namesIn(await ask(2, 'tools/list'));
  const ofGroups = groups.flatMap(({ offers }) => offers);
  expect(names.slice(names.indexOf('enable') + 1)).toEqual(ofGroups);
});

test('--tools takes names of groups that are off, and no names that no group has', async () => {
  await start(['--tools', 'enable,cookies']);
  expect(namesIn(await ask(2, 'tools/list'))).toEqual(['enable']);
  await ask(3, 'tools/call', { name: 'enable', arguments: { groups: ['storage'] } });
  expect(namesIn(await ask(4, 'tools/list'))).toEqual(['enable', 'cookies']);
  const wrong = spawn(process.execPath, [CLI, '--headless', '--tools', 'cookie'], {
    env: { ...process.env, DESKHAND_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said] = await Promise.all([text(wrong.stderr), once(wrong, 'exit')]);
  expect(wrong.exitCode).toBe(1);
  expect(said).toMatch(/there is no tool `cookie`\. Did you mean `cookies`\? The tools are: navigate, /);
});

test('groups may be on from the start, and --read-only keeps what changes nothing of them', async () => {
  await start(['--enable', groupNames.join(','), '--read-only']);
  const names = namesIn(await ask(2, 'tools/list'));
  expect(names).toEqual(expect.arrayContaining(['snapshot', 'console_messages', 'enable']));
  expect(names).not.toContain('click');
});
