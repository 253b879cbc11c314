import { classify, type AppClass } from '@deskhand/tier-policy';
import x11, { type Property, type XEvent } from 'x11';
import type { Size } from '../../core/geometry.ts';
import type { Obstacle, Obstacles } from '../obstacle.ts';
import { ConnectionLost, XConnection } from './connection.ts';
import { Owners, type OwnerSources } from './owners.ts';
import { refuseNoDisplay, unreachable } from './unreachable.ts';

const VIEWABLE = 2;
/** Set by the X server's own display driver: 0 while another virtual terminal is in front. */
const HAS_TERMINAL = 'XFree86_has_VT';
/** A locker covers a screen or a display of it; its settings and helper windows do not. */
const LOCKER_SHARE = 0.25;
/** Agents of prompts keep tiny windows that nobody sees. */
const PROMPT_SIDE = 40;

type Watched = Extract<AppClass, 'lockScreen' | 'authPrompt'>;

export interface X11ObstaclesOptions {
  readonly display: string;
  readonly sources: OwnerSources;
}

interface WatchAbout {
  readonly sources: OwnerSources;
  readonly hasTerminal: number;
  readonly onAppear: (obstacle: Obstacle) => void;
}

/** Lock screens and authentication prompts by the program that owns the window, and the switch to another terminal. */
export class X11Obstacles implements Obstacles {
  readonly #options: X11ObstaclesOptions;
  readonly #listeners = new Set<(obstacle: Obstacle) => void>();
  #watch: Promise<WindowWatch> | null = null;

  constructor(options: X11ObstaclesOptions) {
    this.#options = options;
  }

  async current(): Promise<Obstacle | null> {
    const before = await this.#watch?.catch(() => null); // it never opened
    if (before === null || before?.isLost === true) this.#watch = null;
    try {
      return await (await (this.#watch ??= this.#open())).current();
    } catch (error) {
      if (error instanceof ConnectionLost) throw unreachable(this.#options.display, error);
      throw error;
    }
  }

  onAppear(listener: (obstacle: Obstacle) => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    void this.#watch?.then(
      (watch) => watch.close(),
      () => undefined, // it never opened
    );
    this.#watch = null;
  }

  #open(): Promise<WindowWatch> {
    return WindowWatch.open(this.#options, (obstacle) => {
      for (const listener of this.#listeners) listener(obstacle);
    });
  }
}

/** One connection, which hears of windows and of the terminal as long as it lives. */
class WindowWatch {
  readonly #x: XConnection;
  readonly #sources: OwnerSources;
  readonly #hasTerminal: number;
  readonly #onAppear: (obstacle: Obstacle) => void;
  /** Windows of lock screens and prompts, shown or not. */
  readonly #watched = new Map<number, Watched>();
  readonly #inTheWay = new Map<number | 'terminal', Obstacle>();
  readonly #looking = new Set<Promise<void>>();

  private constructor(x: XConnection, about: WatchAbout) {
    this.#x = x;
    this.#sources = about.sources;
    this.#hasTerminal = about.hasTerminal;
    this.#onAppear = about.onAppear;
    x.onEvent((event) => this.#hear(event));
  }

  static async open(
    { display, sources }: X11ObstaclesOptions,
    onAppear: (obstacle: Obstacle) => void,
  ): Promise<WindowWatch> {
    try {
      refuseNoDisplay(display);
      const x = await XConnection.open(display);
      const hasTerminal = await x.ask<number>((reply) => x.client.InternAtom(false, HAS_TERMINAL, reply));
      const watch = new WindowWatch(x, { sources, hasTerminal, onAppear });
      await watch.#begin();
      return watch;
    } catch (error) {
      throw unreachable(display, error);
    }
  }

  get isLost(): boolean {
    return this.#x.isLost;
  }

  async current(): Promise<Obstacle | null> {
    await this.#x.sync(); // what happened before has been told then
    await Promise.all(this.#looking);
    const all = [...this.#inTheWay.values()];
    return all.find(({ kind }) => kind === 'locked') ?? all[0] ?? null;
  }

  close(): void {
    this.#x.destroy('the desktop was closed');
  }

  async #begin(): Promise<void> {
    const { client, root } = this.#x;
    const { PropertyChange, SubstructureNotify } = x11.eventMask;
    client.ChangeWindowAttributes(root, { eventMask: PropertyChange | SubstructureNotify });
    const [tree, managed] = await Promise.all([
      this.#x.ask<{ readonly children: readonly number[] }>((reply) => client.QueryTree(root, reply)),
      this.#x.longs(root, '_NET_CLIENT_LIST'),
      this.#readTerminal(),
    ]);
    const owners = new Owners(this.#x, this.#sources);
    await Promise.all([...tree.children, ...managed].map((window) => this.#meet(window, owners)));
  }

  #hear({ name, wid = 0, atom }: XEvent): void {
    if (name === 'CreateNotify') this.#look(this.#meet(wid, new Owners(this.#x, this.#sources)));
    else if (name === 'DestroyNotify') this.#forget(wid);
    else if (name === 'PropertyNotify' && atom === this.#hasTerminal) this.#look(this.#readTerminal());
    else if (this.#watched.has(wid)) this.#look(this.#check(wid));
  }

  #look(work: Promise<void>): void {
    const looking = work
      .catch(() => undefined) // the connection was lost: another one looks at everything anew
      .finally(() => this.#looking.delete(looking));
    this.#looking.add(looking);
  }

  #forget(window: number): void {
    this.#watched.delete(window);
    this.#inTheWay.delete(window);
  }

  async #meet(window: number, owners: Owners): Promise<void> {
    const subject = await owners.of(window);
    if (subject.kind === 'unknown') return;
    const { class: appClass } = classify(subject.app);
    if (appClass !== 'lockScreen' && appClass !== 'authPrompt') return;
    this.#watched.set(window, appClass);
    // a window manager puts it into a frame, and the root tells no more of it then
    this.#x.client.ChangeWindowAttributes(window, { eventMask: x11.eventMask.StructureNotify });
    await this.#check(window);
  }

  async #check(window: number): Promise<void> {
    const { client, root } = this.#x;
    const sizeOf = (drawable: number) =>
      this.#x.askOfWindow<Size>((reply) => client.GetGeometry(drawable, reply));
    const [attributes, size, screen] = await Promise.all([
      this.#x.askOfWindow<{ readonly mapState: number; readonly overrideRedirect: number }>((reply) =>
        client.GetWindowAttributes(window, reply),
      ),
      sizeOf(window),
      sizeOf(root),
    ]);
    const isShown = attributes?.mapState === VIEWABLE && size !== null && screen !== null;
    const isPrompt = this.#watched.get(window) === 'authPrompt';
    if (isShown && isPrompt && Math.min(size.width, size.height) >= PROMPT_SIDE) {
      this.#put(window, { kind: 'prompt', by: 'an authentication prompt' });
    } else if (isShown && !isPrompt && isLocker(size, screen, attributes.overrideRedirect !== 0)) {
      this.#put(window, { kind: 'locked', by: 'a lock screen is shown' });
    } else this.#inTheWay.delete(window);
  }

  async #readTerminal(): Promise<void> {
    const property = await this.#x.askOfWindow<Property>((reply) =>
      this.#x.client.GetProperty(0, this.#x.root, this.#hasTerminal, 0, 0, 1, reply),
    );
    const isAway =
      property?.format === 32 && property.data.length >= 4 && property.data.readUInt32LE(0) === 0;
    if (isAway) this.#put('terminal', { kind: 'locked', by: 'another virtual terminal is in front' });
    else this.#inTheWay.delete('terminal');
  }

  #put(where: number | 'terminal', obstacle: Obstacle): void {
    if (this.#inTheWay.has(where)) return;
    this.#inTheWay.set(where, obstacle);
    this.#onAppear(obstacle);
  }
}

function isLocker(size: Size, screen: Size, isUnmanaged: boolean): boolean {
  const share = (size.width * size.height) / (screen.width * screen.height);
  return share >= (isUnmanaged ? LOCKER_SHARE : 1);
}
