import { Bus } from '../../../accessibility/atspi/bus.ts';
import { sessionAddress } from '../../../accessibility/atspi/bus-address.ts';
import type { Size } from '../../../core/geometry.ts';
import type { Desktop, Scene, WindowInfo } from '../../desktop.ts';
import { DesktopLacks, DesktopUnavailable } from '../../failure.ts';
import { Processes } from '../../linux/process.ts';
import type { Layout } from '../compositor.ts';
import { SceneReader, subjectOf, type OwnerSources } from '../scene.ts';
import { readAnswer } from './answer.ts';
import { WindowQuery } from './window-query.ts';

const OPEN_MS = 2000;
const TO_X11 = 'Log out, choose "Plasma (X11)" on the login screen, and start the server there; or use sway.';

export interface KwinDesktopOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isOwnDialog: (pid: number) => boolean;
}

/**
 * The desktop of KWin on Wayland, to be looked at only: its windows and their owners are told to a script, but nothing
 * ties what is sent or pictured to one of them.
 */
export class KwinDesktop implements Desktop {
  readonly displays = null;
  readonly clipboard = null;
  readonly changes = null;
  readonly presence = null;
  readonly control = null;
  readonly holding = null;
  readonly obstacles = null;
  readonly #options: KwinDesktopOptions;
  readonly #sources: OwnerSources;
  #query: Promise<WindowQuery> | null = null;
  #numbers: ReadonlyMap<string, number> = new Map();
  #lastNumber = 0;

  constructor(options: KwinDesktopOptions) {
    this.#options = options;
    this.#sources = { processes: new Processes(), isOwnDialog: options.isOwnDialog };
  }

  async screen(): Promise<Size> {
    const { width, height } = (await this.#layout()).screen;
    return { width, height };
  }

  async windows(): Promise<readonly WindowInfo[]> {
    const { windows } = await this.#layout();
    return windows.map((window) => ({
      id: window.id,
      subject: subjectOf(window, this.#sources),
      title: window.title,
      rect: window.content,
      isActive: window.focused,
      isMinimized: !window.visible,
    }));
  }

  async frontmost(): Promise<Scene> {
    return new SceneReader(await this.#layout(), this.#sources).forFront();
  }

  readonly pointer = () => lacks('where the pointer is: KWin tells it to no program');
  readonly activate = () => lacks('bringing windows to the front: KWin can refuse it without a word');
  readonly capture = () =>
    lacks('pictures: KWin gives them only to programs that the system has allowed in a .desktop file');
  readonly point = () => lacks('clicks: KWin takes them without saying which window gets them');
  readonly press = () => lacks('keys: KWin takes them without saying which window gets them');
  readonly type = () => lacks('text: KWin takes keys without saying which window gets them');

  async close(): Promise<void> {
    const opening = this.#query;
    this.#query = null;
    await opening?.then(
      (query) => query.close(),
      () => undefined, // it never opened
    );
  }

  async #layout(): Promise<Layout> {
    const opening = (this.#query ??= this.#open());
    try {
      const query = await opening;
      const text = await query.ask();
      const seen = new Map<string, number>();
      const numberOf = (id: string): number => {
        const number = this.#numbers.get(id) ?? (this.#lastNumber += 1);
        seen.set(id, number);
        return number;
      };
      const layout = readAnswer(text, numberOf);
      this.#numbers = seen;
      return layout;
    } catch (error) {
      const query = await opening.catch(() => null);
      if (query === null || query.isLost) this.#query = null;
      const why = error instanceof Error ? error.message : String(error);
      throw new DesktopUnavailable(`KWin does not tell its windows: ${why}`, {
        hint: 'Run qdbus org.kde.KWin /KWin supportInformation; it must answer. Then start the server inside that session.',
        cause: error,
      });
    }
  }

  async #open(): Promise<WindowQuery> {
    const address = sessionAddress(this.#options.env);
    if (address === null) throw new Error('DBUS_SESSION_BUS_ADDRESS names no session bus');
    return new WindowQuery(await Bus.open(address, AbortSignal.timeout(OPEN_MS)));
  }
}

const lacks = (what: string): Promise<never> =>
  Promise.reject(new DesktopLacks(`Plasma on Wayland can only be looked at. Not to be had: ${what}`, TO_X11));
