import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const SERVER = new URL('../../gateway/test/fixtures/server.mjs', import.meta.url).pathname;

const bash = (command: string) => calls('workspace__Bash', { command });

test('the mode bypass asks nothing, offers only what is confined, and refuses what no mode allows', async () => {
  const host = new HostProcess();
  const [folder, other] = [host.folder('work'), host.folder('other')];
  mkdirSync(join(folder, 'build'));
  writeFileSync(join(other, 'theirs'), 'the words of another folder');
  await host.run('mcp', 'add', 'shop', '--', 'shop-mcp');
  await host.run('mcp', 'add', 'tame', '--sandbox', '--', process.execPath, SERVER);
  await host.script(
    bash('rm -rf build'),
    bash('echo x > new.txt'),
    calls('workspace__request_cowork_directory', { path: other, reason: 'I want it' }),
    bash('rm -rf / --no-preserve-root'),
    bash(`cat ${join(other, 'theirs')}`),
    calls('tame__effect', {}),
    calls('chrome__navigate', { url: 'http://127.0.0.1:1/' }),
    DONE,
  );
  const ran = await host.run('run', 'Tidy', '--mode', 'bypass', '--mount', `work=${folder}`);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.err).toMatch(
    /Mode bypass: nothing is asked.*Left out, as they act outside of one: chrome, shop\./,
  );
  expect(existsSync(join(folder, 'build'))).toBe(false);
  const endings = ran.err.split('\n').flatMap((line) => /^[✓✗] (.*), \d+ ms$/u.exec(line)?.[1] ?? []);
  expect(endings).toEqual([
    'allowed',
    'allowed',
    'denied_by_person',
    'command_denied',
    'allowed',
    'allowed',
    'denied, unknown_tool',
  ]);
  expect(JSON.stringify(host.api.requests.at(-1)?.messages)).not.toContain('words of another');
  expect(existsSync(join(folder, 'new.txt'))).toBe(true);
  const own = ['deskhand', 'find_tools', 'list_resources', 'read_resource', 'read_result'];
  const offered = (host.api.requests[0]?.tools ?? []).map(({ name }) => name?.split('__')[0]);
  // a server that others wrote may be ready after the first request: that it can be used is shown above
  expect([...new Set([...offered, 'tame'])].toSorted()).toEqual([...own, 'tame', 'workspace']);
});

test('the mode bypass does not start where there is no sandbox', async () => {
  const host = new HostProcess();
  await host.script(DONE);
  const refused = await host.withoutSandbox('run', 'Tidy', '--mode', 'bypass');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('there is none here')]);
  expect(refused.err).toContain('apt-get install bubblewrap');
  expect(host.api.requests).toEqual([]);
});
