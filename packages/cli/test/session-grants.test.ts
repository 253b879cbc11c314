import { openGrantStore } from '@deskhand/grants';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const ONLY = ['--servers', 'workspace'];

const bash = (command: string) => calls('workspace__Bash', { command });
const [MAKE, REMOVE] = [bash('mkdir -p build'), bash('rm -rf build')];

test('what a session was given holds after kill -9 and resume, for no other session, and goes with it', async () => {
  const host = new HostProcess();
  const folder = host.folder('work');
  const mount = ['--mount', `work=${folder}`, ...ONLY];
  await host.script(MAKE, REMOVE, bash('mkdir build; sleep 60'), REMOVE, DONE);
  expect((await host.run('run', 'Tidy', ...mount)).code).toBe(3);
  const given = host.start('resume', 'last', '--answer', 'session', ...ONLY);
  await expect.poll(() => host.api.requests.length, { timeout: 60_000 }).toBe(3);
  await expect.poll(() => existsSync(join(folder, 'build')), { timeout: 60_000 }).toBe(true);
  given.child.kill('SIGKILL');
  await given.ended;
  expect(await host.run('resume', 'last', ...ONLY)).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'build'))).toBe(false);

  const id = await host.lastSession();
  const fork = (await host.run('fork', id)).out.trim();
  await host.script(MAKE, REMOVE);
  expect((await host.run('resume', fork, 'Again', ...ONLY)).code).toBe(3);
  await host.script(MAKE, REMOVE);
  expect((await host.run('run', 'Tidy', ...mount)).code).toBe(3);
  expect(existsSync(join(folder, 'build'))).toBe(true);

  const store = await openGrantStore({ home: host.state });
  const left = () => store.list({ subject: id, kinds: ['command'] }).map(({ subject }) => subject);
  expect(left()).toEqual([id]);
  await host.run('delete', id);
  expect(left()).toEqual([]);
  store.close();
});
