import type { Decision, Subject } from '@deskhand/tier-policy';
import type { Gesture, Judge, Judged, Keystroke, Scene, WindowInfo } from '../desktop.ts';
import type { X11Desktop } from '../x11/x11-desktop.ts';
import type { Eyes, Sight } from './eyes.ts';

/** Keeps the X11 adapter from acting by itself. */
const HANDS_OFF: Decision = {
  allowed: false,
  code: 'unknown_app',
  tier: 'none',
  needed: 'read',
  blocker: 'recipient',
  app: null,
  message: 'only looked at',
  hint: 'none',
};

/** A key that every keyboard has: for reading who gets text. */
const SOME_KEY: Keystroke = { modifiers: [], key: 'Return' };

/**
 * Who is where on an X11 desktop, by the word of the X server. The properties that `get-windows` reads there are
 * written by the programs themselves and prove nothing.
 */
export class X11Eyes implements Eyes {
  readonly #desktop: X11Desktop;

  constructor(desktop: X11Desktop) {
    this.#desktop = desktop;
  }

  get presence() {
    return this.#desktop.presence;
  }

  get control() {
    return this.#desktop.control;
  }

  windows(): Promise<readonly WindowInfo[]> {
    return this.#desktop.windows();
  }

  frontmost(): Promise<Scene> {
    return this.#desktop.frontmost();
  }

  judgePointer(gesture: Gesture, judge: Judge): Promise<Judged> {
    const { signal } = new AbortController();
    return handsOff(judge, (looking) => this.#desktop.point(gesture, looking, signal));
  }

  judgeKeys(keystroke: Keystroke | null, judge: Judge): Promise<Judged> {
    const { signal } = new AbortController();
    const steps = { signal, onDone: () => Promise.resolve() };
    return handsOff(judge, (looking) => this.#desktop.press([keystroke ?? SOME_KEY], looking, steps));
  }

  async sight(mayShow: (subject: Subject) => boolean): Promise<Sight> {
    const { masked, windows, isComposited } = await this.#desktop.capture(mayShow);
    return { mask: masked, windows, isComposited };
  }

  activate(window: number, signal: AbortSignal): Promise<boolean> {
    return this.#desktop.activate(window, signal);
  }

  close(): Promise<void> {
    return this.#desktop.close();
  }
}

/** Has a scene read and judged, and nothing done. */
async function handsOff(judge: Judge, look: (judge: Judge) => Promise<Judged>): Promise<Judged> {
  const decisions: Decision[] = [];
  const { scene } = await look((seen) => {
    const decision = judge(seen);
    decisions.push(decision);
    return decision.allowed ? HANDS_OFF : decision;
  });
  const decision = decisions.at(-1);
  if (decision === undefined) throw new Error('nothing was judged');
  return { decision, scene };
}
