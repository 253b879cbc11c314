import type { Point } from '../../core/geometry.ts';
import type { Button, Gesture } from '../desktop.ts';
import { DesktopLacks } from '../failure.ts';
import type { KeyNames } from './key-names.ts';
import type { NutJs } from './libraries.ts';
import type { Tap } from './typist.ts';

/** What one notch of the wheel is to nut-js: a click on X11, pixels on macOS, the system's own unit on Windows. */
const NOTCH = { linux: 1, macos: 40, windows: 120 } as const;

export interface HandsOptions {
  readonly nut: NutJs;
  readonly names: KeyNames;
  readonly platform: 'linux' | 'macos' | 'windows';
}

/** Moves the pointer and presses keys through nut-js. */
export class Hands {
  readonly #nut: NutJs;
  readonly #names: KeyNames;
  readonly #platform: HandsOptions['platform'];

  /** The library's own pauses, 300 ms for each key, are switched off. */
  constructor({ nut, names, platform }: HandsOptions) {
    this.#nut = nut;
    this.#names = names;
    this.#platform = platform;
    nut.keyboard.config.autoDelayMs = 0;
    nut.mouse.config.autoDelayMs = 0;
    nut.providerRegistry.getKeyboard().setKeyboardDelay(0);
    nut.providerRegistry.getMouse().setMouseDelay(0);
  }

  async moveTo({ x, y }: Point): Promise<void> {
    await this.#nut.mouse.setPosition({ x, y });
  }

  /** @throws DesktopLacks for what the platform cannot do; to be asked before anything is done */
  refuseImpossible(gesture: Gesture): void {
    if (gesture.kind !== 'click') return;
    const isTriple = gesture.count > 2 && this.#platform !== 'linux';
    const isOddDouble = gesture.count === 2 && gesture.button !== 'left' && this.#platform === 'macos';
    if (!isTriple && !isOddDouble) return;
    throw new DesktopLacks(
      `${gesture.count} clicks that count as one cannot be made here`,
      'Use double_click, or select with keys.',
    );
  }

  /** Does the gesture where the pointer is, with its modifiers held. */
  async make(gesture: Gesture): Promise<void> {
    if (gesture.kind === 'move') return;
    const held = gesture.modifiers.map((modifier) => this.#names.ofModifier(modifier));
    try {
      for (const key of held) await this.#nut.keyboard.pressKey(key);
      if (gesture.kind === 'scroll') await this.#scroll(gesture.direction, gesture.notches);
      else await this.#click(gesture.button, gesture.count);
    } finally {
      for (const key of held.toReversed()) await this.#nut.keyboard.releaseKey(key);
    }
  }

  async send(taps: readonly Tap[]): Promise<void> {
    const { keyboard } = this.#nut;
    for (const tap of taps) {
      if (tap.kind === 'text') {
        await keyboard.type(tap.text);
        continue;
      }
      try {
        await keyboard.pressKey(...tap.keys);
      } finally {
        await keyboard.releaseKey(...tap.keys);
      }
    }
  }

  async #click(name: Button, count: number): Promise<void> {
    const { mouse, Button: numbers } = this.#nut;
    const button = { left: numbers.LEFT, middle: numbers.MIDDLE, right: numbers.RIGHT }[name];
    // macOS counts clicks only when it is told that they belong together
    if (count === 2 && this.#platform === 'macos') {
      await mouse.doubleClick(button);
      return;
    }
    for (let done = 0; done < count; done++) {
      try {
        await mouse.pressButton(button);
      } finally {
        await mouse.releaseButton(button);
      }
    }
  }

  async #scroll(direction: 'up' | 'down' | 'left' | 'right', notches: number): Promise<void> {
    const { mouse } = this.#nut;
    const amount = notches * NOTCH[this.#platform];
    if (direction === 'up') await mouse.scrollUp(amount);
    else if (direction === 'down') await mouse.scrollDown(amount);
    else if (direction === 'left') await mouse.scrollLeft(amount);
    else await mouse.scrollRight(amount);
  }
}
