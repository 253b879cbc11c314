import type { Subject } from '@deskhand/tier-policy';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbsolute, join } from 'node:path';
import { keysymsOf } from '../../../core/keymap.ts';
import { blacken } from '../../../core/redaction.ts';
import type { Point, Size } from '../../../core/geometry.ts';
import { partOf } from '../../capture-part.ts';
import type {
  Capture,
  CaptureOptions,
  Desktop,
  Gesture,
  Judge,
  Judged,
  Keystroke,
  Scene,
  Steps,
  WindowInfo,
} from '../../desktop.ts';
import { DeliveryUnsure, DesktopBusy, DesktopLacks, DesktopUnavailable } from '../../failure.ts';
import { Processes } from '../../linux/process.ts';
import { isReadyWithin } from '../../linux/readiness.ts';
import { keysymNamed } from '../../x11/keysym-names.ts';
import { VirtualInput, type SymbolKey } from '../virtual-input.ts';
import { sendKeys, type Chunk } from './keyboard.ts';
import type { Parts } from './parts.ts';
import { hiddenParts, shownWindows, takePicture } from './picture.ts';
import { aim } from './pointer.ts';
import { SceneReader, subjectOf, type OwnerSources } from './scene.ts';
import { SwaySession } from './session.ts';
import type { SwayTree } from './tree.ts';

/** Characters sent in one piece; the focus is read and judged anew before each. */
const CHUNK = 10;
/** Between two pieces, so that a program can begin to read the first. */
const PACE_MS = 10;
/** An application gets this long to read the keys that it was given. */
const TAKEN_MS = 5000;
const TRIES = 6;
const RETRY_MS = 50;
/** Sway waits this long for programs to draw a new layout; until then the picture can be that of the old one. */
const LAYOUT_MS = 250;

export interface SwayDesktopOptions {
  /** SWAYSOCK. */
  readonly socket: string;
  /** WAYLAND_DISPLAY: a path, or a name in XDG_RUNTIME_DIR. */
  readonly waylandDisplay: string;
  /** Environment of grim, which takes the pictures. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isOwnDialog: (pid: number) => boolean;
}

/**
 * The desktop of sway. Windows and their owners come from its own socket, clicks are conditional commands there, keys
 * go through a virtual keyboard, and grim takes the pictures.
 */
export class SwayDesktop implements Desktop {
  readonly displays = null;
  readonly clipboard = null;
  readonly changes = null;
  readonly presence = null;
  readonly control = null;
  readonly holding = null;
  readonly obstacles = null;
  readonly #options: SwayDesktopOptions;
  readonly #sources: OwnerSources;
  #parts: Promise<Parts> | null = null;
  #pointer: Point | null = null;
  /** The layout as last read, and since when every reading was like it. */
  #layout: { readonly key: string; readonly since: number } | null = null;

  constructor(options: SwayDesktopOptions) {
    this.#options = options;
    this.#sources = { processes: new Processes(), isOwnDialog: options.isOwnDialog };
  }

  screen(): Promise<Size> {
    return this.#with(async ({ session }) => {
      const { width, height } = (await session.tree()).screen;
      return { width, height };
    });
  }

  windows(): Promise<readonly WindowInfo[]> {
    return this.#with(async ({ session }) => {
      const { screen, windows } = await session.tree();
      return windows.map((window) => ({
        id: window.id,
        subject: subjectOf(window, this.#sources),
        title: window.title,
        rect: { ...window.content, x: window.content.x - screen.x, y: window.content.y - screen.y },
        isActive: window.focused,
        isMinimized: !window.visible,
      }));
    });
  }

  frontmost(): Promise<Scene> {
    return this.#with(async ({ session }) => new SceneReader(await session.tree(), this.#sources).forFront());
  }

  /** Where it was put last: sway does not tell where it is. */
  pointer(): Promise<Point> {
    if (this.#pointer !== null) return Promise.resolve(this.#pointer);
    return Promise.reject(
      new DesktopLacks(
        'sway does not tell where the pointer is',
        'Move it once; from then on its place is known.',
      ),
    );
  }

  activate(window: number): Promise<boolean> {
    return this.#with(async ({ session }) => {
      if (!(await session.run(`[con_id=${window}] focus`))) return false;
      const { windows } = await session.tree();
      return windows.some(({ id, focused }) => id === window && focused);
    });
  }

  capture(mayShow: (subject: Subject) => boolean, { area }: CaptureOptions = {}): Promise<Capture> {
    const { signal } = new AbortController();
    return this.#patiently(async ({ session }) => {
      const [before, tree, over] = [
        await session.changes(),
        await session.tree(),
        await session.layersOver(),
      ];
      const picture = await takePicture(this.#options.env, signal);
      const [after, treeAfter] = [await session.changes(), await session.tree()];
      const restlessMs = this.#restlessMs(treeAfter);
      const isSame = before === after && layoutOf(tree) === layoutOf(treeAfter);
      const masked = hiddenParts(tree, { sources: this.#sources, mayShow, over });
      const hasHidden = tree.windows.some((window) => !mayShow(subjectOf(window, this.#sources)));
      if (hasHidden && (!isSame || restlessMs > 0)) {
        await delay(restlessMs);
        throw new DesktopBusy('windows keep moving, and hidden ones could show');
      }
      if (picture.width !== tree.screen.width || picture.height !== tree.screen.height) {
        throw new DesktopBusy('the screen changes its size');
      }
      blacken(picture.pixels, picture.width, masked);
      const windows = shownWindows(tree, { sources: this.#sources, mayShow }, masked);
      const whole = { ...picture, masked, windows, isComposited: true };
      return area === undefined ? whole : partOf(whole, area);
    }, signal);
  }

  async point(gesture: Gesture, judge: Judge, signal: AbortSignal): Promise<Judged> {
    const once = (mayFocus: boolean) =>
      this.#patiently((parts) => aim(gesture, judge, { ...parts, mayFocus }), signal);
    const first = await once(true);
    const { focusFirst } = first;
    if (focusFirst !== null) await this.activate(focusFirst);
    const { decision, scene } = focusFirst === null ? first : await once(false);
    if (decision.allowed) this.#pointer = gesture.at;
    return { decision, scene };
  }

  press(keystrokes: readonly Keystroke[], judge: Judge, steps: Steps): Promise<Judged> {
    const chunks = keystrokes.map((stroke) => ({ keys: [keyOf(stroke)], strokes: [stroke] }));
    return this.#inSteps(chunks, judge, steps);
  }

  type(text: string, judge: Judge, steps: Steps): Promise<Judged> {
    const keysyms = keysymsOf(text);
    if ('codePoint' in keysyms) throw new Error('untypable characters are refused before this');
    const characters = Array.from(text.replaceAll('\r\n', '\n'));
    const chunks: Chunk[] = [];
    for (let at = 0; at < keysyms.length; at += CHUNK) {
      const keys = keysyms.slice(at, at + CHUNK).map((keysym) => ({ modifiers: [], keysym }));
      const strokes = characters.slice(at, at + CHUNK).map((key) => ({ modifiers: [], key }));
      chunks.push({ keys, strokes });
    }
    return this.#inSteps(chunks, judge, steps);
  }

  async close(): Promise<void> {
    const opening = this.#parts;
    this.#parts = null;
    await opening?.then(
      ({ session, input }) => {
        session.close();
        // sway lets go of what a keyboard holds when it goes
        input.close();
      },
      () => undefined, // it never opened
    );
  }

  async #inSteps(chunks: readonly Chunk[], judge: Judge, steps: Steps): Promise<Judged> {
    let last: Judged | null = null;
    for (const [index, chunk] of chunks.entries()) {
      steps.signal.throwIfAborted();
      if (last !== null) await this.#untilTaken(last.scene, steps.signal);
      last = await this.#patiently(async (parts) => {
        if (!parts.input.has(symbolsOf(chunk.keys))) {
          await parts.input.prepare(chunks.slice(index).flatMap(({ keys }) => symbolsOf(keys)));
        }
        return sendKeys(chunk, judge, parts);
      }, steps.signal);
      if (!last.decision.allowed) return last;
      await steps.onDone(chunk.keys.length);
    }
    if (last === null) throw new Error('no keys were given');
    return last;
  }

  /** A program that does not read its events for a while is cut off by the compositor, which ends it. */
  async #untilTaken({ frontmost }: Scene, signal: AbortSignal): Promise<void> {
    await delay(PACE_MS, undefined, { signal });
    if (frontmost.kind !== 'app' || (await isReadyWithin(frontmost.app.pid, TAKEN_MS, signal))) return;
    throw new DesktopBusy('the application in front does not take keys at the moment');
  }

  /** How long until programs have surely drawn the layout; 0 when they have. */
  #restlessMs(tree: SwayTree): number {
    const key = layoutOf(tree);
    const now = performance.now();
    if (this.#layout?.key !== key) this.#layout = { key, since: now };
    return Math.max(0, this.#layout.since + LAYOUT_MS - now);
  }

  async #patiently<T>(body: (parts: Parts) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#with(body);
      } catch (error) {
        if (!(error instanceof DesktopBusy) || attempt >= TRIES) throw error;
        await delay(RETRY_MS * attempt, undefined, { signal });
      }
    }
  }

  async #with<T>(body: (parts: Parts) => Promise<T>): Promise<T> {
    const opening = (this.#parts ??= this.#open());
    try {
      return await body(await opening);
    } catch (error) {
      const parts = await opening.catch(() => null);
      if (parts !== null && !parts.session.isLost && !parts.input.isLost) throw error;
      if (this.#parts === opening) this.#parts = null;
      parts?.session.close();
      parts?.input.close();
      if (error instanceof DesktopUnavailable || error instanceof DeliveryUnsure) throw error;
      throw new DesktopUnavailable('sway went away', { cause: error });
    }
  }

  async #open(): Promise<Parts> {
    const { socket, waylandDisplay, env } = this.#options;
    const path = isAbsolute(waylandDisplay)
      ? waylandDisplay
      : join(env['XDG_RUNTIME_DIR'] ?? '', waylandDisplay);
    try {
      const session = await SwaySession.open(socket);
      const input = await VirtualInput.open(path).catch((error: unknown) => {
        session.close();
        throw error;
      });
      return { session, input, sources: this.#sources };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new DesktopUnavailable(`sway cannot be used at ${socket}: ${why}`, {
        hint: 'Run swaymsg -t get_version there; it must answer. Then start the server inside that session.',
        cause: error,
      });
    }
  }
}

const symbolsOf = (keys: readonly SymbolKey[]): readonly number[] =>
  keys.flatMap(({ keysym }) => keysym ?? []);

function keyOf({ modifiers, key }: Keystroke): SymbolKey {
  const keysym = key === null ? null : keysymNamed(key);
  if (key !== null && keysym === null) throw new Error(`there is no key named ${key}`);
  return { modifiers, keysym };
}

/** Where windows are, without their titles. */
const layoutOf = ({ screen, windows }: SwayTree): string =>
  JSON.stringify([screen, windows.map((window) => ({ ...window, title: '' }))]);
