import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HostProcess } from './lab/host-process.ts';

const DAEMON = new URL('../dist/daemon.js', import.meta.url).pathname;

test('what would be installed is shown, and nothing is written', async () => {
  const host = new HostProcess();
  const { code, out } = await host.run('daemon', 'install', '--print', '--port', '4711', '--resume');
  expect(code).toBe(0);
  expect(out).toContain(
    `ExecStart="${process.execPath}" "${DAEMON}" "daemon" "run" "--port" "4711" "--resume"\n`,
  );
  expect(out).toContain(`ListenStream=${join(host.state, 'daemons', 'deskhand.sock')}\n`);
  expect(out).toContain('ListenStream=127.0.0.1:4711\n');
  expect(out).toContain(`Environment="DESKHAND_HOME=${host.state}"\n`);
  expect(existsSync(join(host.home, '.config'))).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'what is installed is what systemd takes, has the key where only its person reads it, and goes away again',
  async () => {
    const host = new HostProcess();
    await host.script();
    const units = join(host.home, '.config/systemd/user/deskhand');
    const installed = await host.run('daemon', 'install');
    expect(installed.out).toContain(`wrote ${units}.service\n`);
    expect(readFileSync(`${units}.service`, 'utf8')).toContain('Environment="ANTHROPIC_API_KEY=none"\n');
    expect(statSync(`${units}.service`).mode & 0o777).toBe(0o600);
    if (existsSync('/usr/bin/systemd-analyze')) {
      const args = ['verify', '--user', '--man=no', `${units}.service`, `${units}.socket`];
      const check = spawn('systemd-analyze', args, { env: { PATH: process.env['PATH'] } });
      let said = '';
      check.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
      await once(check, 'close');
      expect(said).not.toMatch(/deskhand/);
    }
    const removed = await host.run('daemon', 'uninstall');
    expect(removed).toMatchObject({ code: 0, out: `removed ${units}.socket\nremoved ${units}.service\n` });
    expect([existsSync(`${units}.service`), existsSync(`${units}.socket`)]).toEqual([false, false]);
    expect((await host.run('daemon', 'uninstall')).out).toBe('it is not installed\n');
  },
);

test('what is asked of a daemon that does not run, or wrongly, is told with what helps', async () => {
  const host = new HostProcess();
  expect(await host.run('daemon', 'status')).toMatchObject({
    ...{ code: 4, out: 'not running. Run: deskhand daemon start\n' },
  });
  expect(await host.run('daemon', 'stop')).toMatchObject({ code: 0, out: 'it does not run\n' });
  const none = await host.run('daemon', 'logs');
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('It begins when a daemon starts.')]);
  const wrong = await host.run('daemon', 'begin');
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('Run: deskhand daemon --help')]);
  expect((await host.run('daemon', 'start')).code).toBe(0);
  expect((await host.run('daemon', 'logs')).out).toContain('ready');
  expect((await host.run('daemon', 'stop')).code).toBe(0);
});
