import type { Libraries } from '@deskhand/computer-use-mcp/desktop';

import type { Rect } from '../../lab/windows.ts';

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const KEYS = [
  ...LETTERS,
  ...Array.from({ length: 10 }, (_, digit) => `Num${digit}`),
  ...Array.from({ length: 12 }, (_, index) => `F${index + 1}`),
  ...['Space', 'Grave', 'Minus', 'Equal', 'LeftBracket', 'RightBracket', 'Backslash', 'Semicolon', 'Quote'],
  ...[
    'Comma',
    'Period',
    'Slash',
    'Return',
    'Tab',
    'Escape',
    'Delete',
    'Insert',
    'Home',
    'End',
    'Left',
    'Right',
  ],
  ...['Up', 'Down', 'Backspace', 'PageUp', 'PageDown', 'LeftShift', 'LeftControl', 'LeftAlt', 'LeftSuper'],
  ...['LeftCmd', 'LeftWin'],
];

/** A window of the made-up computer, and what it was given. */
export interface FakeWindow {
  readonly id: number;
  readonly pid: number;
  readonly path: string;
  readonly rect: Rect;
  /** Red, green and blue. */
  readonly fill: readonly [number, number, number];
  clicks: number;
  /** The characters and the names of the keys that it got, one each. */
  readonly keys: string[];
}

export interface FakeComputerOptions {
  readonly platform: 'macos' | 'windows';
  /** Pixels of the display for each unit of the desktop. */
  readonly scale: number;
}

const SIZE = { width: 400, height: 300 };

/** What the three libraries do on a computer with some windows, with the faults that they are known for. */
export class FakeComputer {
  readonly libraries: Libraries;
  /** Topmost first; the first is in front. */
  readonly windows: FakeWindow[] = [];
  readonly #options: FakeComputerOptions;
  #pointer = { x: 0, y: 0 };

  constructor(options: FakeComputerOptions) {
    this.#options = options;
    this.libraries = {
      nut: this.#nut(),
      windows: {
        activeWindow: () => Promise.resolve(this.#described()[0]),
        openWindows: () => Promise.resolve(this.#described()),
      },
      screenshots: { Monitor: { all: () => [this.#monitor()] } },
    };
  }

  open(about: Pick<FakeWindow, 'pid' | 'path' | 'rect' | 'fill'>): FakeWindow {
    const window = { ...about, id: 100 + this.windows.length, clicks: 0, keys: [] };
    this.windows.unshift(window);
    return window;
  }

  front(window: FakeWindow): void {
    this.windows.splice(this.windows.indexOf(window), 1);
    this.windows.unshift(window);
  }

  /** As `ps` tells them. */
  executablesOf(pids: readonly number[]): ReadonlyMap<number, string> {
    const known = this.windows.filter(({ pid, path }) => pids.includes(pid) && path !== '');
    return new Map(known.map(({ pid, path }) => [pid, this.executableOf(path)]));
  }

  /** `get-windows` names bundles on macOS and files on Windows. */
  executableOf(path: string): string {
    return this.#options.platform === 'macos' ? `${path}/Contents/MacOS/program` : path;
  }

  #described(): readonly unknown[] {
    const isMac = this.#options.platform === 'macos';
    return this.windows.map(({ id, pid, path, rect }) => ({
      platform: this.#options.platform,
      title: `window ${id}`,
      id,
      bounds: rect,
      owner: { name: 'a name', processId: pid, path, ...(isMac ? { bundleId: 'org.example.app' } : {}) },
      memoryUsage: 1,
    }));
  }

  #nut(): Libraries['nut'] {
    const numbers = new Map(KEYS.map((name, index) => [name, index]));
    const done = () => Promise.resolve();
    const give = (...keys: readonly string[]) => {
      this.windows[0]?.keys.push(...keys);
      return Promise.resolve();
    };
    const press = () => {
      const target = this.windows.find(({ rect }) => isInside(this.#pointer, rect));
      if (target === undefined) return Promise.resolve();
      target.clicks += 1;
      this.front(target);
      return Promise.resolve();
    };
    return {
      Key: Object.fromEntries(numbers),
      Button: { LEFT: 0, MIDDLE: 1, RIGHT: 2 },
      screen: { width: () => Promise.resolve(SIZE.width), height: () => Promise.resolve(SIZE.height) },
      mouse: {
        config: { autoDelayMs: 100 },
        setPosition: ({ x, y }) => {
          this.#pointer = { x, y };
          return Promise.resolve();
        },
        getPosition: () => Promise.resolve(this.#pointer),
        pressButton: press,
        releaseButton: done,
        doubleClick: async () => {
          await press();
          await press();
        },
        scrollUp: done,
        scrollDown: done,
        scrollLeft: done,
        scrollRight: done,
      },
      keyboard: {
        config: { autoDelayMs: 300 },
        // half of a character for each 16 bits of it, as the library sends them
        type: (text) => give(...text.split('')),
        pressKey: (...keys) => give(KEYS[keys.at(-1) ?? -1] ?? 'no key'),
        releaseKey: done,
      },
      providerRegistry: {
        getKeyboard: () => ({ setKeyboardDelay: () => undefined }),
        getMouse: () => ({ setMouseDelay: () => undefined }),
        getWindow: () => ({
          focusWindow: (id) => {
            const window = this.windows.find((candidate) => candidate.id === id);
            if (window === undefined) throw new Error('the process ends here');
            this.front(window);
            return Promise.resolve(true);
          },
        }),
      },
    };
  }

  #monitor() {
    const { scale } = this.#options;
    const [width, height] = [SIZE.width * scale, SIZE.height * scale];
    const pixelAt = (at: number): readonly [number, number, number] => {
      const point = { x: (at % width) / scale, y: Math.floor(at / width) / scale };
      return this.windows.find(({ rect }) => isInside(point, rect))?.fill ?? [90, 90, 90];
    };
    return {
      isPrimary: () => true,
      captureImage: () =>
        Promise.resolve({
          width,
          height,
          toRaw: () => {
            const raw = new Uint8Array(width * height * 4);
            for (let at = 0; at < width * height; at++) raw.set([...pixelAt(at), 255], at * 4);
            return Promise.resolve(raw);
          },
        }),
    };
  }
}

const isInside = ({ x, y }: { x: number; y: number }, rect: Rect): boolean =>
  x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
