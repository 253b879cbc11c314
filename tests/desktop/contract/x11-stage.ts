import { loadBackend, type Backend } from '@deskhand/computer-use-mcp/desktop';

import { vi } from 'vitest';

import { startDesktop, type Desktop } from '../../lab/desktop.ts';
import { startFixture } from '../../lab/fixture-window.ts';
import { openZenity } from '../../lab/zenity.ts';
import type { Rect } from '../../lab/windows.ts';
import { makeExecutables } from '../executables.ts';
import type { Actor, Stage } from './stage.ts';

async function enter(desktop: Desktop, executable: string, { place, fill }: Look): Promise<Actor> {
  const fixture = startFixture(desktop, { executable });
  const window = await fixture.open({ place, fill, title: executable });
  const count = async (event: string) =>
    (await fixture.journal()).filter((entry) => entry.event === event).length;
  return {
    pid: fixture.pid,
    executable,
    front: async () => {
      await window.activate();
    },
    received: async () => ({ clicks: await count('ButtonPress'), keys: await count('KeyPress') }),
  };
}

interface Look {
  readonly place: Rect;
  readonly fill: number;
}

/** What of an X11 desktop differs from one adapter to the next. */
export interface X11StageOptions {
  readonly backend: (display: string) => Backend;
  readonly typable: string;
}

/** A virtual X screen with a window manager and three programs. */
export async function openX11Stage({ backend, typable }: X11StageOptions): Promise<Stage> {
  const lab = await startDesktop({ wm: 'openbox', tcp: true });
  // the adapters run in this process, and the libraries below them read these by themselves
  vi.stubEnv('DISPLAY', lab.display).stubEnv('XAUTHORITY', lab.env['XAUTHORITY']);
  try {
    const make = await loadBackend(backend(lab.display));
    const desktop = make({ isOwnDialog: () => false, abortKey: null, env: lab.env });
    const { mine, stranger } = await makeExecutables(lab, ['mine', 'stranger']);
    const size = { width: 300, height: 200 };
    const actors = {
      mine: await enter(lab, mine, { place: { x: 60, y: 60, ...size }, fill: 0x40a0f0 }),
      stranger: await enter(lab, stranger, { place: { x: 500, y: 60, ...size }, fill: 0xf0a040 }),
    };
    const remote = startFixture(lab, { tcp: true });
    await remote.open({ place: { x: 900, y: 400, ...size }, title: 'remote' });
    return {
      desktop,
      ...actors,
      nobody: { pid: remote.pid },
      typable,
      openEntry: async () => {
        const app = await openZenity(lab, ['--entry', '--text=Name']);
        await app.activate();
        return { pid: app.pid, text: async () => (await app.answer()).text, close: () => app.close() };
      },
      close: async () => {
        vi.unstubAllEnvs();
        await desktop.close();
        await lab.close();
      },
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}
