import { openGrantStore } from '@deskhand/grants';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const ASKER = new URL('../../gateway/test/fixtures/asker.mjs', import.meta.url).pathname;

/** Goes on when it is told that the folder is no longer allowed. */
const PATIENT = { command: 'until [ -e /sessions/*/mnt/part/revoked ]; do sleep 0.1; done' };

const roots = (server: string) => calls('call_tool', { name: `${server}__roots`, arguments: {} });

const told = (path: string): string =>
  JSON.stringify(JSON.stringify({ uri: pathToFileURL(path).href, name: basename(path) })).slice(1, -1);

/** A host with a server `seer` that is told roots, and a server `blind` that is not. */
async function withTwoServers(host: HostProcess): Promise<Record<'seer' | 'blind', string>> {
  const records = { seer: join(host.home, 'seer'), blind: join(host.home, 'blind') };
  await host.run('mcp', 'add', 'seer', '--roots', '--', process.execPath, ASKER, records.seer, 'old');
  await host.run('mcp', 'add', 'blind', '--', process.execPath, ASKER, records.blind, 'old');
  const store = await openGrantStore({ home: host.state });
  for (const server of ['seer', 'blind']) {
    const resource = { kind: 'tool', server, name: '*' } as const;
    await store.add({ subject: '*', resource, decision: 'allow', scope: 'always', origin: 'policy' });
  }
  store.close();
  return records;
}

/** Which of the paths each answer to the model has, from its second request on. */
const toldPaths = (host: HostProcess, paths: readonly string[]): readonly (readonly boolean[])[] =>
  host.api.requests.slice(1).map(({ messages }) => {
    const text = JSON.stringify(messages.at(-1));
    return paths.map((path) => text.includes(told(path)));
  });

const SERVERS = ['--servers', 'workspace,seer,blind'];

test.each(['once', 'always'])(
  'a folder that the person gives %s is told to a server with --roots while it runs, and to no other',
  async (word) => {
    const host = new HostProcess();
    const [work = '', later = ''] = ['work', 'later'].map((name) => realpathSync(host.folder(name)));
    const records = await withTwoServers(host);
    const request = calls('workspace__request_cowork_directory', { path: later, reason: 'For the copies' });
    await host.script(roots('seer'), request, roots('seer'), roots('blind'), DONE);
    const mount = ['--mount', `work=${work}`, ...SERVERS];
    const { child, seen, ended } = host.atTerminal('run', 'Go', ...mount);
    await expect.poll(() => seen.out, { timeout: 60_000 }).toContain('(deny, once, always) >');
    expect(existsSync(records.seer)).toBe(false);
    child.stdin.write(`${word}\r`);
    expect((await ended).code).toBe(0);
    expect(readFileSync(records.seer, 'utf8')).toBe('roots changed\n');
    expect(existsSync(records.blind)).toBe(false);
    const [before, , after, other] = toldPaths(host, [work, later]);
    expect([before, after, other]).toEqual([
      [true, false],
      [true, true],
      [false, false],
    ]);
    expect(host.api.refusals).toEqual([]);
  },
);

test('a folder that all sessions may have is told in those that have it, while they may', async () => {
  const host = new HostProcess();
  const [all = '', part = ''] = ['all', 'all/part'].map((name) => realpathSync(host.folder(name)));
  const records = await withTwoServers(host);
  const store = await openGrantStore({ home: host.state });
  const resource = { kind: 'folder', path: all, access: 'rw' } as const;
  await store.add({ subject: '*', resource, decision: 'allow', scope: 'always', origin: 'person' });
  const request = calls('workspace__request_cowork_directory', { path: part, reason: 'For the copies' });
  await host.script(roots('seer'), request, roots('seer'), calls('workspace__Bash', PATIENT), DONE);
  const ran = host.start('run', 'Go', '--mode', 'accept-edits', ...SERVERS);
  await expect.poll(() => host.api.requests.length, { timeout: 60_000 }).toBe(4);
  expect(readFileSync(records.seer, 'utf8')).toBe('roots changed\n');
  await store.revoke(resource);
  store.close();
  const both = 'roots changed\nroots changed\n';
  await expect.poll(() => readFileSync(records.seer, 'utf8'), { timeout: 60_000 }).toBe(both);
  writeFileSync(join(part, 'revoked'), '');
  expect((await ran.ended).code).toBe(0);
  const [before, , after] = toldPaths(host, [all, part]);
  expect([before, after]).toEqual([
    [false, false],
    [false, true],
  ]);
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
