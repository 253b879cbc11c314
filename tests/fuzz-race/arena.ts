import { asExecutable } from '../lab/executable.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import type { WindowManagerName } from '../lab/window-manager.ts';

export const TARGET_PLACE = { x: 120, y: 120, width: 500, height: 360 };
const ASIDE = { x: 760, y: 420, width: 300, height: 220 };

/** A desktop with an allowed editor, a program that nobody allowed, and the server between them. */
export interface Arena {
  readonly desktop: Desktop;
  readonly server: ToolClient;
  /** The allowed program; a new process once it has exited. */
  editor(): Promise<FixtureWindow>;
  readonly thief: Fixture;
  /** A window of the thief that is not shown, and that pastes. */
  readonly spy: FixtureWindow;
  close(): Promise<void>;
}

export async function openArena(wm: WindowManagerName): Promise<Arena> {
  const desktop = await startDesktop({ wm });
  try {
    const editorPath = await asExecutable(desktop, 'scribbler');
    const thief = startFixture(desktop, { executable: await asExecutable(desktop, 'thief') });
    const spy = await thief.open({ place: ASIDE, overrideRedirect: true, mapped: false });
    await spy.watchClipboard();
    let current = await startFixture(desktop, { executable: editorPath }).open({ place: TARGET_PLACE });
    const server = await connectServer(desktop, {
      onElicit: () => ({ action: 'accept', content: { decision: 'once', clipboardWrite: true } }),
    });
    const access = await server.call('request_access', {
      apps: [editorPath],
      reason: 'to be fuzzed',
      clipboardWrite: true,
    });
    if (access.isError) throw new Error(`the editor was not granted: ${access.text}\n${server.log()}`);
    return {
      desktop,
      server,
      thief,
      spy,
      editor: async () => {
        if (!current.fixture.process.isRunning()) {
          current = await startFixture(desktop, { executable: editorPath }).open({ place: TARGET_PLACE });
        }
        return current;
      },
      close: () => desktop.close(),
    };
  } catch (error) {
    await desktop.close();
    throw error;
  }
}

/** A window of the thief that does not touch the editor's. */
export const openAside = (thief: Fixture): Promise<FixtureWindow> =>
  thief.open({ place: ASIDE, title: 'thief' });

/** A window of the thief right over the editor's. */
export const openOver = (thief: Fixture, overrideRedirect: boolean): Promise<FixtureWindow> =>
  thief.open({ place: TARGET_PLACE, overrideRedirect, mapped: false, title: 'thief' });
