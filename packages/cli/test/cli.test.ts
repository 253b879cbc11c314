import type { MessagesRequest, Step } from '@deskhand/fake-messages';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { version } from '../src/version.ts';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

let host: HostProcess;

beforeEach(() => {
  host = new HostProcess();
});

const deskhand = (...args: readonly string[]) => host.run(...args);

const ALONE = ['--servers', 'none'];

test('a task is done in a shared folder, through the real workspace, and can be read afterwards', async () => {
  const folder = host.folder('notes');
  writeFileSync(join(folder, 'a.txt'), 'red lamp: 12');
  writeFileSync(join(folder, 'AGENTS.md'), 'Prices are in euros.');
  const pathIn = ({ messages }: MessagesRequest, name: string): string =>
    `${/\/sessions\/\w+\/mnt\/notes/.exec(JSON.stringify(messages))?.[0]}/${name}`;
  await host.script(
    {
      reply: (request) => ({
        toolCalls: [{ name: 'workspace__Read', input: { file_path: pathIn(request, 'a.txt') } }],
      }),
    },
    {
      reply: (request) => ({
        toolCalls: [
          { name: 'workspace__Write', input: { file_path: pathIn(request, 'b.txt'), content: 'copied' } },
        ],
      }),
    },
    DONE,
  );
  const ran = await deskhand(
    'run',
    'Copy',
    'it',
    '--servers',
    'workspace',
    '--mount',
    `notes=${folder}`,
    '--mode',
    'accept-edits',
  );
  expect(ran.err).toMatch(/→ workspace__Read/);
  expect({ code: ran.code, refusals: host.api.refusals }).toEqual({ code: 0, refusals: [] });
  expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('copied');
  const messages = JSON.stringify(host.api.requests.at(-1)?.messages);
  for (const part of ['red lamp: 12', 'Prices are in euros.', 'Folders: notes'])
    expect(messages).toContain(part);
  expect((await deskhand('sessions')).out).toMatch(/done +3 turns {2}Copy it/);
  expect((await deskhand('export', 'last', '--html')).out).toContain('workspace__Write: allowed');
  expect((await deskhand('cost', '--by', 'model')).out).toMatch(/^claude-opus-5-5 +\$0\.\d{4} +3 turns/);
});

test('what is asked while nobody is there parks, and one word for each question does it', async () => {
  const folder = host.folder('old');
  writeFileSync(join(folder, 'a.txt'), 'x');
  const at = ({ messages }: MessagesRequest): string =>
    /\/sessions\/\w+\/mnt\/old/.exec(JSON.stringify(messages))?.[0] ?? '';
  await host.script(
    {
      reply: (request) => ({
        toolCalls: [
          { name: 'workspace__Bash', input: { command: `rm -rf ${at(request)}/a.txt` } },
          { name: 'workspace__Write', input: { file_path: `${at(request)}/b.txt`, content: 'y' } },
        ],
      }),
    },
    DONE,
  );
  const there = () => [existsSync(join(folder, 'a.txt')), existsSync(join(folder, 'b.txt'))];
  const answer = ['resume', 'last', '--answer', 'once', '--servers', 'workspace'];
  const ran = await deskhand('run', 'Tidy', '--servers', 'workspace', '--mount', `old=${folder}`);
  expect([ran.code, there()]).toEqual([3, [true, false]]);
  expect([(await deskhand(...answer)).code, there()]).toEqual([3, [false, false]]);
  expect([(await deskhand(...answer)).code, there()]).toEqual([0, [false, true]]);
  expect(host.api.refusals).toEqual([]);
});

test('the model says its words on the output, and events come as JSON when they are asked for', async () => {
  await host.script(DONE);
  expect((await deskhand('run', 'Go', ...ALONE)).out).toContain('All done.');
  await host.script(DONE);
  const { out } = await deskhand('run', 'Go', '--json', ...ALONE);
  const line = z.looseObject({ kind: z.string(), event: z.looseObject({ kind: z.string() }) });
  const kinds = out
    .trim()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)).event.kind);
  expect([kinds[0], ...kinds.slice(kinds.indexOf('said'))]).toEqual([
    ...['started', 'said', 'asked', 'text', 'answered'],
  ]);
});

test('a limit parks with its own code, and a higher one goes on', async () => {
  const plan = calls('deskhand__plan', { steps: ['one'] });
  await host.script(plan, DONE);
  const ran = await deskhand('run', 'Go', '--max-turns', '1', ...ALONE);
  expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('Go on: deskhand resume')]);
  expect((await deskhand('resume', 'last', '--max-turns', '5', ...ALONE)).code).toBe(0);
  expect(host.api.refusals).toEqual([]);
});

test('Ctrl-C parks, a stop from another process too, and the session goes on', async () => {
  const stalled: Step = { fault: { kind: 'stalled', after: 4 }, reply: { text: 'Half a sentence' } };
  await host.script(stalled, stalled, DONE);
  const first = host.start('run', 'Go', ...ALONE);
  await expect.poll(() => host.api.requests.length, { timeout: 60_000 }).toBe(1);
  first.child.kill('SIGINT');
  expect((await first.ended).code).toBe(130);
  const second = host.start('resume', 'last', ...ALONE);
  await expect.poll(() => host.api.requests.length, { timeout: 60_000 }).toBe(2);
  expect((await deskhand('delete', 'last')).err).toContain('runs in another process');
  expect((await deskhand('stop', 'last')).code).toBe(0);
  expect((await second.ended).code).toBe(130);
  expect((await deskhand('resume', 'last', ...ALONE)).code).toBe(0);
  expect(host.api.refusals).toEqual([]);
});

test('a reader who has seen enough ends what only prints, and parks what runs', async () => {
  const help = host.start('--help');
  help.child.stdout.destroy();
  expect(await help.ended).toMatchObject({ code: 0, err: '' });
  await host.script(
    calls('deskhand__plan', { steps: ['one'] }),
    calls('deskhand__plan', { steps: [] }),
    DONE,
  );
  const ran = host.start('run', 'Go', '--json', ...ALONE);
  ran.child.stdout.destroy();
  const parked = await ran.ended;
  expect([parked.code, parked.err.includes('EPIPE')]).toEqual([130, false]);
  expect((await deskhand('resume', 'last', ...ALONE)).code).toBe(0);
});

test('what was remembered is there in the next session', async () => {
  await host.script(calls('deskhand__remember', { file: 'MEMORY.md', text: 'Lamps are red.' }), DONE);
  await deskhand('run', 'Note it', ...ALONE);
  await host.script(DONE);
  await deskhand('run', 'And now?', ...ALONE);
  expect(JSON.stringify(host.api.requests[0]?.messages)).toContain('Lamps are red.');
});

test('a chat goes line by line through one session', async () => {
  await host.script({ reply: { text: 'One.' } }, { reply: { text: 'Two.' } });
  const { code, out } = await host.saying('first\n\nsecond\n', 'chat', ...ALONE);
  expect([code, out]).toEqual([0, 'One.\nTwo.\n']);
  expect(host.api.requests.map(({ messages }) => messages.length)).toEqual([1, 3]);
});

test('a fork goes on by itself', async () => {
  await host.script({ reply: { text: 'One.' } }, DONE);
  await deskhand('run', 'Begin', ...ALONE);
  const forked = await deskhand('fork', 'last');
  const id = forked.out.trim();
  expect(forked.err).toBe(`Go on with it: deskhand resume ${id} WORDS\n`);
  const unknown = await deskhand('rewind', id, '99');
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining(`deskhand export ${id}`)]);
  expect((await deskhand('resume', id, 'and', 'then', ...ALONE)).code).toBe(0);
  expect(JSON.stringify(host.api.requests[1]?.messages)).toMatch(/Begin.*One\..*and then/);
  const { out } = await deskhand('sessions', '--json');
  expect(
    z
      .array(z.looseObject({ turns: z.number() }))
      .parse(JSON.parse(out))
      .map(({ turns }) => turns),
  ).toEqual([1, 1]);
});

test('other servers are added, listed without their secrets, and removed', async () => {
  expect((await deskhand('mcp', 'add', 'shop', '--env', 'TOKEN=secret', '--', 'shop-mcp', '-q')).code).toBe(
    0,
  );
  expect((await deskhand('mcp', 'list')).out).toContain('shop: shop-mcp -q\n');
  expect((await deskhand('mcp', 'list')).out).not.toContain('secret');
  const taken = await deskhand('mcp', 'add', 'shop', '--', 'other-mcp');
  expect([taken.code, taken.err]).toEqual([2, expect.stringContaining('deskhand mcp remove shop')]);
  expect((await deskhand('mcp', 'list')).out).toContain('shop: shop-mcp -q\n');
  const unnamed = await deskhand('mcp', 'add', 'my shop', '--', 'shop-mcp');
  expect([unnamed.code, unnamed.err]).toEqual([2, expect.stringContaining('is no name for a server')]);
  expect((await deskhand('mcp', 'remove', 'shop')).code).toBe(0);
  expect((await deskhand('mcp', 'list')).out).not.toContain('shop');
  for (const name of ['chrome', 'deskhand']) {
    const ours = await deskhand('mcp', 'add', name, 'x');
    expect([ours.code, ours.err]).toEqual([2, expect.stringContaining('Choose another name')]);
  }
  const pasted = (name: string) =>
    writeFileSync(join(host.state, 'mcp.json'), JSON.stringify({ mcpServers: { [name]: { command: 'x' } } }));
  pasted('chrome');
  const refused = await deskhand('mcp', 'list');
  expect([refused.code, refused.err.includes('another name')]).toEqual([2, true]);
  pasted('chrome2');
  expect((await deskhand('mcp', 'list')).code).toBe(0);
});

test.each([
  [['sessions'], 'Begin one: deskhand run TASK'],
  [['mcp', 'check'], 'deskhand mcp add --help'],
])('where there is nothing yet, %j says what comes next', async (args, next) => {
  const { code, out } = await deskhand(...args);
  expect([code, out]).toEqual([0, expect.stringContaining(next)]);
});

test('what is missing is said, with what helps', async () => {
  const ran = await deskhand('run', 'Go', ...ALONE);
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('ANTHROPIC_API_KEY is not set.')]);
  expect(ran.err).toContain('deskhand demo');
  await host.script();
  expect((await deskhand('run', 'Go', '--servers', 'shop')).code).toBe(2);
  expect((await deskhand('run', 'Go', '--mount', 'x=/nowhere/at/all')).err).toContain('is no folder');
  expect((await deskhand('resume', 'nothing')).err).toContain('There is no session nothing');
  expect((await deskhand('resume', 'last')).err).toContain('Begin one: deskhand run TASK');
  const unknown = await deskhand('fly');
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/^deskhand: unknown command/)]);
  expect((await deskhand('doctor')).code).toBe(0);
  expect((await deskhand('grants', 'list')).out).toContain('Nothing is allowed');
});

test.each([
  ['grants', 'deskhand grants list'],
  ['ledger', 'deskhand ledger verify'],
])('the help of %s says how it was called', async (name, example) => {
  const { out } = await deskhand(name, '--help');
  expect(out).toContain(`Usage: deskhand ${name} `);
  expect(out).toContain(example);
  expect(out).not.toMatch(/run-ledger|deskhand-grants/);
});

test.each([
  ['an argument too few', ['delete'], "deskhand: missing required argument 'session'\n"],
  ['one too many', ['sessions', 'all'], "deskhand: too many arguments for 'sessions'."],
  ['no number', ['rewind', 'last', 'first'], 'It has to be a number above 0.'],
  ['no sum', ['budget', 'much'], 'It has to be a number above 0.'],
  ['no count', ['fork', 'last', '--at', '1.5'], 'It has to be a whole number above 0.'],
])('%s is told, with where to read more', async (_name, args, message) => {
  const { code, out, err } = await deskhand(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
  expect(err).toContain('--help');
});

test('the version is that of the package', async () => {
  const { version: own } = z
    .looseObject({ version: z.string() })
    .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
  expect([version, (await deskhand('--version')).out]).toEqual([own, `${own}\n`]);
});
