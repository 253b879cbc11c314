import { readlinkSync } from 'node:fs';

import { afterEach, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from './lab/desktop.ts';
import { eventually } from './lab/eventually.ts';
import { openFixtureWindow } from './lab/fixture-window.ts';
import { endLeftoversOf, leftoversOf } from './lab/leftovers.ts';
import { openMousepad } from './lab/mousepad.ts';
import { run, startProcess } from './lab/owned-process.ts';
import { makeTemporaryFolder } from './lab/temporary-folder.ts';
import { pidOf } from './lab/windows.ts';
import { inRepository } from './lab/workspace.ts';
import { connectX } from './lab/x-connection.ts';

describe('a desktop of the lab', () => {
  let desktop: Desktop | undefined;
  afterEach(() => desktop?.close());

  test('refuses clients without its cookie, and takes those with it', async () => {
    desktop = await startDesktop({ wm: 'openbox' });
    const { display, cookie } = desktop;
    await expect(connectX({ display, cookie: Buffer.alloc(16) })).rejects.toThrow();
    const x = await connectX({ display, cookie });
    await x.close();
  });

  test('has windows of no known process when their client came over TCP', async () => {
    desktop = await startDesktop({ wm: 'openbox', tcp: true });
    const place = { x: 100, y: 100, width: 100, height: 100 };
    const local = await openFixtureWindow(desktop, { place });
    const remote = await openFixtureWindow(desktop, { place }, { tcp: true });
    expect(await pidOf(desktop.x, local.window)).toBe(local.pid);
    expect(await pidOf(desktop.x, remote.window)).toBeUndefined();
  });

  test('shows its applications on the accessibility bus when asked to', async () => {
    desktop = await startDesktop({ wm: 'openbox', accessibility: true });
    const { env, folder } = desktop;
    await openMousepad(desktop);
    const ask = async (...args: readonly string[]) => run({ command: 'gdbus', args, env, cwd: folder });
    const bus = ['--dest', 'org.a11y.Bus', '--object-path', '/org/a11y/bus'];
    const reply = await ask('call', '--session', ...bus, '--method', 'org.a11y.Bus.GetAddress');
    const address = /'(unix:[^']+)'/.exec(reply)?.[1] ?? '';
    const registry = [
      '--dest',
      'org.a11y.atspi.Registry',
      '--object-path',
      '/org/a11y/atspi/accessible/root',
    ];
    await eventually('mousepad on the accessibility bus', async () => {
      const children = await ask(
        ...['call', '--address', address, ...registry],
        ...['--method', 'org.a11y.atspi.Accessible.GetChildren'],
      );
      return /'(:\d+\.\d+)'/.test(children);
    });
  });

  test('ends when the process that started it is killed', async () => {
    const folder = await makeTemporaryFolder();
    const module = JSON.stringify(inRepository('tests', 'dist', 'lab', 'desktop.js'));
    const script = `
      const { startDesktop } = await import(${module});
      console.log((await startDesktop({ wm: 'openbox' })).folder);
      setInterval(() => {}, 1000);`;
    const owner = startProcess({
      command: process.execPath,
      args: ['--input-type=module', '-e', script],
      env: { PATH: process.env['PATH'] ?? '', TMPDIR: folder.path },
      cwd: folder.path,
    });
    const abandoned = await eventually('a desktop', () => /^(\/.+)\n/.exec(owner.stdout())?.[1]);
    expect((await leftoversOf(abandoned)).length).toBeGreaterThan(2);
    process.kill(owner.pid, 'SIGKILL');
    await eventually('the desktop to end', async () => (await leftoversOf(abandoned)).length === 0);
    await endLeftoversOf(folder.path);
    await folder.close();
  });

  test('gives its processes an environment and a folder of their own', async () => {
    desktop = await startDesktop({ wm: 'openbox' });
    const window = await openFixtureWindow(desktop, { place: { x: 0, y: 0, width: 50, height: 50 } });
    expect(readlinkSync(`/proc/${window.pid}/cwd`)).toBe(desktop.folder);
    const { HOME = '', TMPDIR = '', DESKHAND_HOME = '', XDG_RUNTIME_DIR = '' } = desktop.env;
    for (const path of [HOME, TMPDIR, DESKHAND_HOME, XDG_RUNTIME_DIR]) {
      expect(path.startsWith(`${desktop.folder}/`)).toBe(true);
    }
  });
});
