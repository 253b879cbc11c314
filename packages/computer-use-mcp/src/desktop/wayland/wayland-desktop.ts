import type { Subject } from '@deskhand/tier-policy';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbsolute, join } from 'node:path';
import { keysymsOf } from '../../core/keymap.ts';
import { blacken } from '../../core/redaction.ts';
import type { Point, Size } from '../../core/geometry.ts';
import { partOf } from '../capture-part.ts';
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
} from '../desktop.ts';
import { DeliveryUnsure, DesktopBusy, DesktopLacks, DesktopUnavailable } from '../failure.ts';
import { Processes } from '../linux/process.ts';
import { isReadyWithin } from '../linux/readiness.ts';
import { keysymNamed } from '../x11/keysym-names.ts';
import type { Compositor, Layout } from './compositor.ts';
import { sendKeys, type Chunk } from './keyboard.ts';
import type { Parts } from './parts.ts';
import { hiddenParts, shownWindows, takePicture } from './picture.ts';
import { aim } from './pointer.ts';
import { SceneReader, subjectOf, type OwnerSources } from './scene.ts';
import { VirtualInput, type SymbolKey } from './virtual-input.ts';

/** Characters sent in one piece; the focus is read and judged anew before each. */
const CHUNK = 10;
/** Between two pieces, so that a program can begin to read the first. */
const PACE_MS = 10;
/** An application gets this long to read the keys that it was given. */
const TAKEN_MS = 5000;
const TRIES = 6;
const RETRY_MS = 50;

export interface WaylandDesktopOptions {
  readonly name: string;
  /** Connects to the compositor, which gets our own keyboard and pointer. */
  readonly connect: (input: VirtualInput) => Promise<Compositor>;
  /** A command that answers where the compositor can be reached. */
  readonly proof: string;
  /** WAYLAND_DISPLAY: a path, or a name in XDG_RUNTIME_DIR. */
  readonly waylandDisplay: string;
  /** Environment of grim, which takes the pictures. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isOwnDialog: (pid: number) => boolean;
}

/**
 * The desktop of a Wayland compositor that names the owners of its windows. Keys go through a virtual keyboard, and
 * grim takes the pictures.
 */
export class WaylandDesktop implements Desktop {
  readonly displays = null;
  readonly clipboard = null;
  readonly changes = null;
  readonly presence = null;
  readonly control = null;
  readonly holding = null;
  readonly obstacles = null;
  readonly #options: WaylandDesktopOptions;
  readonly #sources: OwnerSources;
  #parts: Promise<Parts> | null = null;
  #pointer: Point | null = null;
  /** The layout as last read, and since when every reading was like it. */
  #layout: { readonly key: string; readonly since: number } | null = null;

  constructor(options: WaylandDesktopOptions) {
    this.#options = options;
    this.#sources = { processes: new Processes(), isOwnDialog: options.isOwnDialog };
  }

  screen(): Promise<Size> {
    return this.#with(async ({ compositor }) => {
      const { width, height } = (await compositor.layout()).screen;
      return { width, height };
    });
  }

  windows(): Promise<readonly WindowInfo[]> {
    return this.#with(async ({ compositor }) => {
      const { screen, windows } = await compositor.layout();
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
    return this.#with(async ({ compositor }) =>
      new SceneReader(await compositor.layout(), this.#sources).forFront(),
    );
  }

  /** Where it was put last, when the compositor does not tell where it is. */
  pointer(): Promise<Point> {
    return this.#with(async ({ compositor }) => {
      const [told, { screen }] = [await compositor.pointer(), await compositor.layout()];
      if (told !== null) return { x: told.x - screen.x, y: told.y - screen.y };
      if (this.#pointer !== null) return this.#pointer;
      throw new DesktopLacks(
        `${compositor.name} does not tell where the pointer is`,
        'Move it once; from then on its place is known.',
      );
    });
  }

  activate(window: number): Promise<boolean> {
    return this.#with(({ compositor }) => compositor.focus(window));
  }

  capture(mayShow: (subject: Subject) => boolean, { area }: CaptureOptions = {}): Promise<Capture> {
    const { signal } = new AbortController();
    return this.#patiently(async ({ compositor }) => {
      const [before, layout] = [await compositor.changes(), await compositor.layout()];
      const picture = await takePicture(this.#options.env, signal);
      const [after, layoutAfter] = [await compositor.changes(), await compositor.layout()];
      const restlessMs = this.#restlessMs(layoutAfter);
      const isSame = before === after && keyOfLayout(layout) === keyOfLayout(layoutAfter);
      const masked = hiddenParts(layout, { sources: this.#sources, mayShow });
      // a hidden window that was closed can still be on the screen
      if (!isSame || restlessMs > 0) {
        await delay(restlessMs);
        throw new DesktopBusy('windows keep moving, and hidden ones could show');
      }
      if (picture.width !== layout.screen.width || picture.height !== layout.screen.height) {
        throw new DesktopBusy('the screen changes its size');
      }
      blacken(picture.pixels, picture.width, masked);
      const windows = shownWindows(layout, { sources: this.#sources, mayShow }, masked);
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
      ({ compositor, input }) => {
        compositor.close();
        // the compositor lets go of what a keyboard holds when it goes
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
  #restlessMs(layout: Layout): number {
    const key = keyOfLayout(layout);
    const now = performance.now();
    if (this.#layout?.key !== key) this.#layout = { key, since: now };
    return Math.max(0, this.#layout.since + layout.settleMs - now);
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
      if (parts !== null && !parts.compositor.isLost && !parts.input.isLost) throw error;
      if (this.#parts === opening) this.#parts = null;
      parts?.compositor.close();
      parts?.input.close();
      if (error instanceof DesktopUnavailable || error instanceof DeliveryUnsure) throw error;
      throw new DesktopUnavailable(`${this.#options.name} went away`, { cause: error });
    }
  }

  async #open(): Promise<Parts> {
    const { name, connect, proof, waylandDisplay, env } = this.#options;
    const path = isAbsolute(waylandDisplay)
      ? waylandDisplay
      : join(env['XDG_RUNTIME_DIR'] ?? '', waylandDisplay);
    try {
      const input = await VirtualInput.open(path);
      const compositor = await connect(input).catch((error: unknown) => {
        input.close();
        throw error;
      });
      return { compositor, input, sources: this.#sources };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new DesktopUnavailable(`${name} cannot be used at ${path}: ${why}`, {
        hint: `Run ${proof} there; it must answer. Then start the server inside that session.`,
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
const keyOfLayout = ({ windows, ...layout }: Layout): string =>
  JSON.stringify([layout, windows.map((window) => ({ ...window, title: '' }))]);
