import type { Step } from '@deskhand/fake-messages';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const CTRL_C = '\u0003';
const PROMPT = '> \u001b[3G';
const GOES_ON = /Session (\w+)\. Go on: deskhand resume \1 WORDS\r\n$/;

type Terminal = ReturnType<HostProcess['atTerminal']>;

/** Types each when what stands before it was shown. */
async function typed(
  { child, seen }: Terminal,
  steps: readonly (readonly [string, string])[],
): Promise<void> {
  let from = 0;
  for (const [shown, keys] of steps) {
    await expect.poll(() => seen.out.slice(from), { timeout: 60_000 }).toContain(shown);
    from = seen.out.indexOf(shown, from) + shown.length;
    child.stdin.write(keys);
  }
}

const nothingLeft = (host: HostProcess): Promise<void> =>
  expect.poll(() => host.processes, { timeout: 60_000 }).toEqual([]);

/** Half of what is written is in a file with another name. */
const halfWritten = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\d+$|\.tmp/.test(name));

const streaming: Step = { reply: { text: 'I begin with it.' }, fault: { kind: 'stalled', after: 4 } };

test.each<[string, (other: string) => Step, string]>([
  ['while words come', () => streaming, 'I begin'],
  ['during a call', () => calls('workspace__Bash', { command: 'sleep 300' }), 'sleep 300'],
  [
    'at a question',
    (path) => calls('workspace__request_cowork_directory', { path, reason: 'I want it' }),
    'always) >',
  ],
])('Ctrl-C in a chat %s parks what runs, and the next one ends it', async (_name, step, shown) => {
  const host = new HostProcess();
  await host.script(step(host.folder('other')), DONE);
  const chat = host.atTerminal('chat', '--servers', 'workspace');
  await typed(chat, [
    [PROMPT, 'Go\r'],
    [shown, CTRL_C],
    ['Stopped by the person.', ''],
    [PROMPT, CTRL_C],
  ]);
  const { code, out } = await chat.ended;
  expect([code, out]).toEqual([0, expect.stringMatching(GOES_ON)]);
  await nothingLeft(host);
  expect(halfWritten(host.state)).toEqual([]);
  expect((await host.run('resume', 'last', 'And now?', '--servers', 'none')).code).toBe(0);
  expect(host.api.refusals).toEqual([]);
});

test('Ctrl-C at the prompt of a chat ends it', async () => {
  const host = new HostProcess();
  await host.script(DONE);
  const chat = host.atTerminal('chat', '--servers', 'none');
  await typed(chat, [[PROMPT, CTRL_C]]);
  const { code, out } = await chat.ended;
  expect([code, out]).toEqual([0, expect.stringMatching(GOES_ON)]);
  await nothingLeft(host);
});

test.each([
  ['when it begins', 'invoices are in'],
  ['when it works', '→ workspace__Bash'],
])('Ctrl-C in the demo %s leaves no folder of it', async (_name, shown) => {
  const host = new HostProcess();
  const demo = host.atTerminal('demo');
  await typed(demo, [[shown, CTRL_C]]);
  const { code, out } = await demo.ended;
  expect([code, out]).toEqual([130, expect.stringContaining('Again: deskhand demo')]);
  expect(out).not.toContain('deskhand resume');
  await nothingLeft(host);
  const [, folder = ''] = /invoices are in (\S+)\/invoices;/.exec(out) ?? [];
  expect([folder, existsSync(folder)]).toEqual([expect.stringContaining('deskhand-demo-'), false]);
});

test.each(['check', 'prompts'])('Ctrl-C ends mcp %s with the servers that it waits for', async (command) => {
  const host = new HostProcess();
  await host.run('mcp', 'add', 'slow', '--', 'sleep', '300');
  const waiting = host.atTerminal('mcp', command);
  await typed(waiting, [['Starting slow …', CTRL_C]]);
  const { code, out } = await waiting.ended;
  expect([code, out]).toEqual([130, expect.stringContaining('Given up.')]);
  await nothingLeft(host);
  expect(readdirSync(join(host.state, 'gateway', 'children'))).toEqual([]);
});

test('Ctrl-C ends the reading of a log', async () => {
  const host = new HostProcess();
  mkdirSync(join(host.state, 'logs'), { recursive: true });
  writeFileSync(join(host.state, 'logs', 'deskhand.log'), '{"level":30,"time":0,"msg":"hello"}\n');
  const logs = host.atTerminal('daemon', 'logs', '-f');
  await typed(logs, [['hello', CTRL_C]]);
  expect((await logs.ended).code).toBe(0);
  await nothingLeft(host);
});

describe('while servers start', () => {
  /** A server that never starts, and that a session waits for. */
  function withSlowServer(): HostProcess {
    const host = new HostProcess();
    const slow = { command: 'sleep', args: ['300'], env: { HOME: host.home }, alwaysLoad: true };
    mkdirSync(host.state, { mode: 0o700 });
    writeFileSync(join(host.state, 'mcp.json'), JSON.stringify({ mcpServers: { slow } }));
    return host;
  }

  test.each([
    ['run', ['run', 'Go']],
    ['chat', ['chat']],
  ])('Ctrl-C ends %s before it has begun', async (_name, words) => {
    const host = withSlowServer();
    await host.script(DONE);
    const starting = host.atTerminal(...words, '--servers', 'workspace,slow');
    await typed(starting, [['Starting workspace, slow …', CTRL_C]]);
    const { code, out } = await starting.ended;
    expect([code, out]).toEqual([130, expect.stringContaining('Given up.\r\nIt had not begun')]);
    await nothingLeft(host);
    expect(readdirSync(join(host.state, 'sessions'))).toEqual([]);
    expect(readdirSync(join(host.state, 'gateway', 'children'))).toEqual([]);
    expect((await host.run('run', 'Go', '--servers', 'workspace')).code).toBe(0);
  });

  test('Ctrl-C leaves a session that was to go on as it was', async () => {
    const host = withSlowServer();
    await host.script(DONE);
    await host.run('run', 'Go', '--servers', 'none');
    const id = await host.lastSession();
    const before = await host.run('export', id);
    const starting = host.atTerminal('resume', id, 'More', '--servers', 'slow');
    await typed(starting, [['Starting slow …', CTRL_C]]);
    const { code, out } = await starting.ended;
    expect([code, out]).toEqual([130, expect.stringContaining(`Go on: deskhand resume ${id}`)]);
    await nothingLeft(host);
    expect(await host.run('export', id)).toEqual(before);
    await host.script(DONE);
    expect((await host.run('resume', id, 'More', '--servers', 'none')).code).toBe(0);
  });
});
