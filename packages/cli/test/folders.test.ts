import { openGrantStore } from '@deskhand/grants';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const ASKER = new URL('../../gateway/test/fixtures/asker.mjs', import.meta.url).pathname;

const roots = (server: string) => calls('call_tool', { name: `${server}__roots`, arguments: {} });

test('a folder that the person gives in the session is told to a server with --roots while it runs, and to no other', async () => {
  const host = new HostProcess();
  const [work, later] = [host.folder('work'), host.folder('later')].map((path) => realpathSync(path));
  if (work === undefined || later === undefined) throw new Error('there are two');
  const records = { seer: join(host.home, 'seer'), blind: join(host.home, 'blind') };
  await host.run('mcp', 'add', 'seer', '--roots', '--', process.execPath, ASKER, records.seer, 'old');
  await host.run('mcp', 'add', 'blind', '--', process.execPath, ASKER, records.blind, 'old');
  const store = await openGrantStore({ home: host.state });
  for (const server of ['seer', 'blind']) {
    const resource = { kind: 'tool', server, name: '*' } as const;
    await store.add({ subject: '*', resource, decision: 'allow', scope: 'always', origin: 'policy' });
  }
  store.close();
  await host.script(
    roots('seer'),
    calls('workspace__request_cowork_directory', { path: later, reason: 'For the copies' }),
    roots('seer'),
    roots('blind'),
    DONE,
  );

  const servers = ['--servers', 'workspace,seer,blind'];
  const { child, seen, ended } = host.atTerminal('run', 'Go', '--mount', `work=${work}`, ...servers);
  await expect.poll(() => seen.out, { timeout: 60_000 }).toContain('(deny, once, always) >');
  expect(existsSync(records.seer)).toBe(false);
  child.stdin.write('once\r');
  expect((await ended).code).toBe(0);
  expect(readFileSync(records.seer, 'utf8')).toBe('roots changed\n');
  expect(existsSync(records.blind)).toBe(false);

  const answers = host.api.requests.slice(1).map(({ messages }) => JSON.stringify(messages.at(-1)));
  const told = (path: string, name: string) =>
    JSON.stringify(JSON.stringify({ uri: pathToFileURL(path).href, name })).slice(1, -1);
  const [before, , after, other] = answers;
  for (const [text, paths] of [
    [before, [true, false]],
    [after, [true, true]],
    [other, [false, false]],
  ] as const)
    expect([text?.includes(told(work, 'work')), text?.includes(told(later, 'later'))]).toEqual(paths);
  expect(host.api.refusals).toEqual([]);
});

test('who left at the question of a folder is told the words that answer it, and no other', async () => {
  const host = new HostProcess();
  const [work, later] = [host.folder('work'), host.folder('later')];
  await host.script(
    calls('workspace__request_cowork_directory', { path: later, reason: 'For the copies' }),
    DONE,
  );
  const words = /deskhand resume \S+ --answer once\|always\|no\n/;
  const parked = await host.run(
    'run',
    'Go',
    '--unattended',
    '--mount',
    `work=${work}`,
    '--servers',
    'workspace',
  );
  expect(parked.err).toMatch(words);
  expect((await host.run('sessions')).out).toMatch(words);
  expect((await host.run('resume', 'last', '--answer', 'session')).err).toContain('does not answer');
  expect(await host.run('resume', 'last', '--answer', 'once')).toMatchObject({ code: 0 });
  expect(JSON.stringify(host.api.requests.at(-1)?.messages)).toContain('/mnt/later');
});
