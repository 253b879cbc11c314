import { expect } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { startFixture, type Fixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

/** Where the editor stands, and what a test opens beside it. */
export const PLACE = { x: 100, y: 100, width: 400, height: 500 };
export const BESIDE = { x: 620, y: 100, width: 300, height: 500 };
/** Two points in the editor, and one beside it. */
export const FROM = [200, 200];
export const TO = [400, 500];
export const OUTSIDE = [800, 300];
export const LEFT_BIT = 0x100;

const NAMES = ['myeditor', 'other', 'stranger', 'xterm'] as const;

interface Parts {
  readonly desktop: Desktop;
  readonly sentinel: Sentinel;
  readonly apps: Readonly<Record<(typeof NAMES)[number], string>>;
  readonly server: ToolClient;
}

/** An editor that may be dragged in, a stranger that may not, and a server that holds buttons and keys. */
export class HoldingStage {
  readonly desktop: Desktop;
  readonly sentinel: Sentinel;
  readonly apps: Parts['apps'];
  server: ToolClient;

  private constructor({ desktop, sentinel, apps, server }: Parts) {
    this.desktop = desktop;
    this.sentinel = sentinel;
    this.apps = apps;
    this.server = server;
  }

  static async open(): Promise<HoldingStage> {
    const desktop = await startDesktop({ wm: 'openbox' });
    return new HoldingStage({
      desktop,
      sentinel: await startSentinel(desktop),
      apps: await makeExecutables(desktop, NAMES),
      server: await connectServer(desktop),
    });
  }

  /** What each test begins with: the editor in front, and a stranger without a window. */
  async begin(): Promise<{ readonly editor: FixtureWindow; readonly stranger: Fixture }> {
    const { desktop, apps } = this;
    writeGrants(
      desktop,
      [apps.myeditor, apps.other, apps.xterm].map((path) => rowFor(path)),
    );
    const editor = await startFixture(desktop, { executable: apps.myeditor }).open({ place: PLACE });
    const stranger = startFixture(desktop, { executable: apps.stranger });
    await editor.activate();
    await this.sentinel.forget();
    return { editor, stranger };
  }

  /** Whatever a test did, nothing stays down. */
  async end(editor: FixtureWindow, stranger: Fixture): Promise<void> {
    await editor.close();
    await stranger.close();
    expect(await this.pressedNow()).toBe(0);
  }

  close(): Promise<void> {
    return this.desktop.close();
  }

  /** Buttons and modifiers that are down. */
  async pressedNow(): Promise<number> {
    const { root } = this.desktop.x;
    const { keyMask } = await this.desktop.x.ask<{ readonly keyMask: number }>((client, done) =>
      client.QueryPointer(root, done),
    );
    return keyMask & 0x1fff & ~0x10;
  }

  untilPressed() {
    return eventually('the button to be down', async () => ((await this.pressedNow()) & LEFT_BIT) !== 0);
  }

  untilUp() {
    return eventually('everything to be up', async () => (await this.pressedNow()) === 0);
  }

  drag(more: object = {}): Promise<ToolAnswer> {
    return this.server.call('left_click_drag', { start_coordinate: FROM, coordinate: TO, ...more });
  }

  /** Ends the server as a crash does, and has the next one, which has not acted yet. */
  async killServer(): Promise<void> {
    process.kill(this.server.pid, 'SIGKILL');
    this.server = await connectServer(this.desktop);
  }
}

/** Events that input makes. */
export const INPUT = /^(Key|Button|Motion)/;

export const inputOf = async (fixture: Fixture) =>
  (await fixture.journal()).filter(({ event }) => INPUT.test(event)).map(({ event }) => event);

export const pressesOf = async (fixture: Fixture) =>
  (await inputOf(fixture)).filter((event) => !event.startsWith('Motion'));

/** Why something was ended that had begun. */
export const endOf = (answer: ToolAnswer) => ({
  code: failureOf(answer).code,
  because: answer.structured['because'],
});
