import type { Subject } from '@deskhand/tier-policy';
import { setTimeout as delay } from 'node:timers/promises';
import type { Point, Size } from '../../core/geometry.ts';
import { partOf } from '../capture-part.ts';
import type { Clipboard } from '../clipboard.ts';
import type { Control } from '../control.ts';
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
import { DeliveryUnsure, DesktopBusy } from '../failure.ts';
import type { Obstacles } from '../obstacle.ts';
import type { Presence } from '../presence.ts';
import type { X11Desktop } from '../x11/x11-desktop.ts';
import { redacted, takePicture } from './camera.ts';
import type { Libraries } from './libraries.ts';
import { openParts, sizeOf, x11Of, type Parts } from './parts.ts';

/** Characters sent before the window in front is read and judged anew. */
const CHUNK = 10;
const TRIES = 6;
const RETRY_MS = 100;
/** A compositor has drawn what changed so long ago. */
const COMPOSITOR_MS = 250;

export interface NutDesktopOptions {
  readonly platform: 'linux' | 'macos' | 'windows';
  /** X display; only on Linux. */
  readonly display: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly abortKey: string | null;
  readonly isOwnDialog: (pid: number) => boolean;
  readonly load: () => Promise<Libraries>;
  /** Executables of running processes, by the kernel's word; only on macOS. */
  readonly executablesOf: (pids: readonly number[]) => Promise<ReadonlyMap<number, string>>;
}

/**
 * A desktop through libraries that exist for many systems. Reading, judging and acting are steps of their own there:
 * they follow each other at once, the judging is repeated right before a click, and when the window in front turns
 * out to be another one after text was sent, that is said.
 */
export class NutDesktop implements Desktop {
  readonly displays = null;
  readonly changes = null;
  readonly holding = null;
  readonly presence: Presence | null;
  readonly control: Control | null;
  readonly obstacles: Obstacles | null;
  readonly clipboard: Clipboard | null;
  readonly #options: NutDesktopOptions;
  readonly #x11: X11Desktop | null;
  #parts: Promise<Parts> | null = null;

  constructor(options: NutDesktopOptions) {
    this.#options = options;
    this.#x11 = x11Of(options);
    this.presence = this.#x11?.presence ?? null;
    this.control = this.#x11?.control ?? null;
    this.obstacles = this.#x11?.obstacles ?? null;
    this.clipboard = this.#x11?.clipboard ?? null;
  }

  screen(): Promise<Size> {
    return this.#with(({ libraries }) => sizeOf(libraries.nut));
  }

  windows(): Promise<readonly WindowInfo[]> {
    return this.#with(({ eyes }) => eyes.windows());
  }

  frontmost(): Promise<Scene> {
    return this.#with(({ eyes }) => eyes.frontmost());
  }

  pointer(): Promise<Point> {
    return this.#with(async ({ libraries }) => {
      const { x, y } = await libraries.nut.mouse.getPosition();
      return { x, y };
    });
  }

  activate(window: number, signal: AbortSignal): Promise<boolean> {
    return this.#with(({ eyes }) => eyes.activate(window, signal));
  }

  async capture(mayShow: (subject: Subject) => boolean, { area }: CaptureOptions = {}): Promise<Capture> {
    const whole = await this.#with((parts) => patiently(() => captureWith(parts, mayShow)));
    return area === undefined ? whole : partOf(whole, area);
  }

  point(gesture: Gesture, judge: Judge, signal: AbortSignal): Promise<Judged> {
    return this.#with(async ({ eyes, hands }) => {
      hands.refuseImpossible(gesture);
      const first = await eyes.judgePointer(gesture, judge);
      if (!first.decision.allowed) return first;
      signal.throwIfAborted();
      await hands.moveTo(gesture.at);
      if (gesture.kind === 'move') return first;
      // what shows under the pointer can depend on its being there
      const last = await eyes.judgePointer(gesture, judge);
      if (last.decision.allowed) await hands.make(gesture);
      return last;
    });
  }

  press(keystrokes: readonly Keystroke[], judge: Judge, steps: Steps): Promise<Judged> {
    return this.#with(async ({ eyes, hands, typist }) => {
      for (const keystroke of keystrokes) await typist.ofKeystroke(keystroke);
      let last: Judged | null = null;
      for (const keystroke of keystrokes) {
        steps.signal.throwIfAborted();
        last = await eyes.judgeKeys(keystroke, judge);
        if (!last.decision.allowed) return last;
        await hands.send([await typist.ofKeystroke(keystroke)]);
        await steps.onDone(1);
      }
      if (last === null) throw new Error('no keys were given');
      return last;
    });
  }

  type(text: string, judge: Judge, steps: Steps): Promise<Judged> {
    const characters = Array.from(text.replaceAll('\r\n', '\n'));
    return this.#with(async (parts) => {
      // all of it is refused, or nothing
      await parts.typist.ofText(text);
      let last: Judged | null = null;
      for (let at = 0; at < characters.length; at += CHUNK) {
        steps.signal.throwIfAborted();
        const some = characters.slice(at, at + CHUNK);
        last = await sendText(some.join(''), judge, parts);
        if (!last.decision.allowed) return last;
        await steps.onDone(some.length);
      }
      if (last === null) throw new Error('no text was given');
      return last;
    });
  }

  async close(): Promise<void> {
    const opening = this.#parts;
    this.#parts = null;
    await opening?.then(
      async ({ typist, eyes }) => {
        typist.close();
        await eyes.close();
      },
      () => undefined, // it never opened
    );
    await this.#x11?.close();
  }

  async #with<T>(body: (parts: Parts) => Promise<T>): Promise<T> {
    const opening = (this.#parts ??= openParts(this.#options, this.#x11));
    try {
      return await body(await opening);
    } catch (error) {
      const isOpen = await opening.then(
        () => true,
        () => false,
      );
      if (!isOpen && this.#parts === opening) this.#parts = null;
      throw error;
    }
  }
}

async function captureWith(
  { eyes, libraries }: Parts,
  mayShow: (subject: Subject) => boolean,
): Promise<Capture> {
  const before = await eyes.sight(mayShow);
  const { mask, windows, isComposited } = before;
  if (mask.length > 0 && isComposited) await delay(COMPOSITOR_MS);
  const picture = await takePicture(libraries.screenshots);
  const after = await eyes.sight(mayShow);
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    throw new DesktopBusy('windows keep moving, and hidden ones could show');
  }
  const size = await sizeOf(libraries.nut);
  return { ...size, pixels: await redacted(picture, size, mask), masked: mask, windows, isComposited };
}

/** Text with a line end may close the window; after other text it has to be the same one. */
async function sendText(text: string, judge: Judge, { eyes, hands, typist }: Parts): Promise<Judged> {
  const taps = await typist.ofText(text);
  const judged = await eyes.judgeKeys(null, judge);
  if (!judged.decision.allowed) return judged;
  await hands.send(taps);
  if (/[\r\n\t]/.test(text)) return judged;
  const { frontmostWindow } = await eyes.frontmost();
  if (frontmostWindow !== judged.scene.frontmostWindow) {
    throw new DeliveryUnsure('another window came to the front while keys were sent');
  }
  return judged;
}

async function patiently<T>(body: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof DesktopBusy) || attempt >= TRIES) throw error;
      await delay(RETRY_MS * attempt);
    }
  }
}
