import { loadLibraries, NutDesktop } from '@deskhand/computer-use-mcp/desktop';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startFixture } from '../lab/fixture-window.ts';
import { makeExecutables } from './executables.ts';

const SIZE = { width: 300, height: 200 };

describe('the libraries as they are used on macOS and Windows', () => {
  let lab: Desktop;
  let adapter: NutDesktop;
  let executables: Readonly<Record<'mine' | 'stranger', string>>;
  beforeAll(async () => {
    lab = await startDesktop({ wm: 'openbox' });
    vi.stubEnv('DISPLAY', lab.display).stubEnv('XAUTHORITY', lab.env['XAUTHORITY']);
    adapter = new NutDesktop({
      platform: 'windows',
      display: '',
      env: {},
      abortKey: null,
      isOwnDialog: () => false,
      load: loadLibraries,
      executablesOf: () => Promise.resolve(new Map()),
    });
    executables = await makeExecutables(lab, ['mine', 'stranger']);
    const open = (executable: string, x: number) =>
      startFixture(lab, { executable }).open({
        place: { x, y: 60, ...SIZE },
        fill: 0x40a0f0,
        title: executable,
      });
    await open(executables.stranger, 500);
    await (await open(executables.mine, 60)).activate();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await adapter.close();
    await lab.close();
  });

  test('get-windows names the executables of windows, and the one in front', async () => {
    const owners = (await adapter.windows()).map(({ subject, rect, isActive }) => ({
      executable: subject.kind === 'app' ? subject.app.executable : null,
      rect,
      isActive,
    }));
    const byPlace = owners.toSorted((a, b) => a.rect.x - b.rect.x);
    expect(byPlace).toEqual([
      { executable: executables.mine, rect: { x: 60, y: 60, ...SIZE }, isActive: true },
      { executable: executables.stranger, rect: { x: 500, y: 60, ...SIZE }, isActive: false },
    ]);
    const { frontmost } = await adapter.frontmost();
    expect(frontmost.kind === 'app' && frontmost.app.executable).toBe(executables.mine);
  });

  test('node-screenshots takes the picture, in which only the granted window is not black', async () => {
    const { pixels, width } = await adapter.capture(
      (subject) => subject.kind === 'app' && subject.app.executable === executables.mine,
    );
    const blueAt = (x: number, y: number) => pixels[(y * width + x) * 4];
    expect([blueAt(61, 61), blueAt(358, 258), blueAt(501, 61), blueAt(30, 30)]).toEqual([0xf0, 0xf0, 0, 0]);
  });
});
