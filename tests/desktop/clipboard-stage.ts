import { Belongings } from '../lab/belongings.ts';
import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startFixture, type FixtureWindow } from '../lab/fixture-window.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

export const FLAGS = { clipboardRead: true, clipboardWrite: true };

const PLACE = { x: 200, y: 150, width: 400, height: 300 };
const NAMES = ['myeditor', 'other', 'stranger', 'keepassxc', 'xfce4-clipman'] as const;

type Name = (typeof NAMES)[number];

interface Parts {
  readonly desktop: Desktop;
  readonly executables: Readonly<Record<Name, string>>;
  readonly server: ToolClient;
}

/** An editor with both rights to the clipboard, and others with fewer. */
export class ClipboardStage {
  readonly desktop: Desktop;
  readonly executables: Parts['executables'];
  server: ToolClient;
  readonly #opened = new Belongings();

  private constructor({ desktop, executables, server }: Parts) {
    this.desktop = desktop;
    this.executables = executables;
    this.server = server;
  }

  static async open(): Promise<ClipboardStage> {
    const desktop = await startDesktop({ wm: 'openbox' });
    const executables = await makeExecutables(desktop, NAMES);
    return new ClipboardStage({ desktop, executables, server: await connectServer(desktop) });
  }

  /** What each test begins with: the editor in front. */
  async begin(): Promise<FixtureWindow> {
    this.grant();
    const page = await this.start('myeditor');
    await page.activate();
    return page;
  }

  /** The next test finds nothing copied. */
  async end(): Promise<void> {
    await this.#opened.close();
    const { x } = this.desktop;
    x.client.SetSelectionOwner(0, await x.atom('CLIPBOARD'), 0);
    await x.client.sync();
  }

  close(): Promise<void> {
    return this.desktop.close();
  }

  /** The editor with both rights, the other one and real applications with or without. */
  grant(...more: readonly ReturnType<typeof rowFor>[]): void {
    const { myeditor, other } = this.executables;
    writeGrants(this.desktop, [rowFor(myeditor, { flags: FLAGS }), rowFor(other), ...more]);
  }

  /** A window of a program of that name. */
  async start(name: Name): Promise<FixtureWindow> {
    const fixture = this.#opened.own(startFixture(this.desktop, { executable: this.executables[name] }));
    return fixture.open({ place: PLACE });
  }

  async write(text: string): Promise<string> {
    return codeOf(await this.server.call('write_clipboard', { text }));
  }

  read(): Promise<ToolAnswer> {
    return this.server.call('read_clipboard');
  }
}

/** The lines behind the marks. */
export const textOf = (text: string) =>
  text
    .split('\n')
    .flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []))
    .join('\n');

/** A text of many scripts. */
export const SCRIPTS = 'naïve ✓ 日本語 Ω 🙂👩‍💻\n\nзавтра\tend';
