import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Point } from '../../../core/geometry.ts';
import {
  focusedWindow,
  type Aim,
  type Compositor,
  type LaidWindow,
  type Layout,
  type Shortcuts,
} from '../compositor.ts';
import type { VirtualInput } from '../virtual-input.ts';
import {
  KEY_REQUESTS,
  LAYOUT_REQUESTS,
  POINTER_REQUEST,
  keyAnswers,
  layoutAnswers,
  pointerAnswer,
  type Client,
} from './answers.ts';
import { shortcutsOf } from './bindings.ts';
import { layoutOf, type NumberOf } from './layout.ts';
import { HyprlandEvents, ask, askTogether } from './socket.ts';

export interface HyprlandSockets {
  /** `.socket.sock`, which answers. */
  readonly questions: string;
  /** `.socket2.sock`, which tells. */
  readonly events: string;
}

/** How the focus is asked for: with a configuration in Hyprland's language, and with one in Lua. */
const FOCUS = [
  (address: string) => `dispatch focuswindow address:${address}`,
  (address: string) => `dispatch hl.dsp.focus({ window = 'address:${address}' })`,
] as const;

/** Hyprland as seen from outside. It does nothing on conditions, so what it tells is asked again right before. */
export class HyprlandCompositor implements Compositor {
  readonly name = 'Hyprland';
  /** The one in front is under the pointer, also where rules keep other windows from being pointed at. */
  readonly pointsAtFrontOnly = true;
  readonly #questions: string;
  readonly #events: HyprlandEvents;
  readonly #input: VirtualInput;
  #numbers: ReadonlyMap<string, number> = new Map();
  #lastNumber = 0;

  private constructor(questions: string, events: HyprlandEvents, input: VirtualInput) {
    this.#questions = questions;
    this.#events = events;
    this.#input = input;
  }

  static async open(
    { questions, events }: HyprlandSockets,
    input: VirtualInput,
  ): Promise<HyprlandCompositor> {
    const compositor = new HyprlandCompositor(questions, await HyprlandEvents.open(events), input);
    try {
      // versions that do not tell all of this are not used
      await Promise.all([compositor.layout(), compositor.shortcuts(), compositor.pointer()]);
      return compositor;
    } catch (error) {
      compositor.close();
      throw error;
    }
  }

  get isLost(): boolean {
    return this.#events.isLost;
  }

  async layout(): Promise<Layout> {
    const answers = layoutAnswers.parse(await askTogether(this.#questions, LAYOUT_REQUESTS));
    await this.#heard();
    const layout = layoutOf(answers, this.#numbersFor(answers[0]));
    return { ...layout, turn: this.#events.moves };
  }

  async changes(): Promise<number> {
    await ask(this.#questions, POINTER_REQUEST);
    await this.#heard();
    return this.#events.changes;
  }

  async shortcuts(): Promise<Shortcuts> {
    const [binds, submap] = keyAnswers.parse(await askTogether(this.#questions, KEY_REQUESTS));
    return shortcutsOf(binds, submap);
  }

  async pointer(): Promise<Point> {
    return pointerAnswer.parse(await askTogether(this.#questions, [POINTER_REQUEST]))[0];
  }

  async focus(window: number): Promise<boolean> {
    const address = [...this.#numbers].find(([, number]) => number === window)?.[0].split(' ')[0];
    if (address === undefined) return false;
    await this.#heard();
    const before = this.#events.count;
    for (const commandFor of FOCUS) {
      if ((await ask(this.#questions, commandFor(address))).trim() === 'ok') break;
    }
    await this.#heard();
    const { focused } = this.#events;
    return focused !== null && focused.at > before && `0x${focused.address}` === address;
  }

  /**
   * A panel or a launcher can have the keyboard while a window counts as active. Giving the window the focus once more
   * takes the keyboard from it; a launcher that holds it keeps it, and then Hyprland tells of no focus.
   */
  async hasKeyboard(window: LaidWindow): Promise<boolean> {
    // a person who goes to another window keeps it, but for the moment between this and the next request
    if (!(await this.#isInFront(window)) || !(await this.focus(window.id))) return false;
    return this.#isInFront(window);
  }

  async point({ gesture, at, screen, isSame }: Aim): Promise<boolean> {
    this.#input.move(at, screen);
    await this.#input.sync();
    const { x, y } = await this.pointer();
    if (x !== at.x || y !== at.y) return false;
    if (gesture.kind === 'move') return true;
    if (!(await isSame())) return false;
    this.#input.act(gesture, at, screen);
    await this.#input.sync();
    return true;
  }

  close(): void {
    this.#events.close();
  }

  async #isInFront({ id, pid }: LaidWindow): Promise<boolean> {
    const front = focusedWindow(await this.layout());
    return front?.id === id && front.pid === pid;
  }

  /** Waits for the events from before the last answer: they were written earlier, so they are read in this turn. */
  async #heard(): Promise<void> {
    await nextTurn();
    if (this.#events.isLost) throw new Error('Hyprland closed the connection');
  }

  /** Keeps the numbers of windows that are still there, and gives new ones to the others. */
  #numbersFor(clients: readonly Client[]): NumberOf {
    const numbers = new Map<string, number>();
    for (const client of clients) {
      const key = keyOf(client);
      numbers.set(key, this.#numbers.get(key) ?? (this.#lastNumber += 1));
    }
    this.#numbers = numbers;
    return (client) => numbers.get(keyOf(client)) ?? 0;
  }
}

/** An address can be that of another window later. */
const keyOf = ({ address, pid }: Pick<Client, 'address' | 'pid'>): string => `${address} ${pid}`;
