import type { Point, Rect } from '../../core/geometry.ts';
import type { Gesture } from '../desktop.ts';
import { WaylandConnection } from './connection.ts';
import { MAX_EXTRAS, SymbolKeymap, extrasOf, modifierNamed } from './keymap.ts';
import { descriptorOf } from './nameless-file.ts';
import { encode } from './wire.ts';

/** Requests of zwp_virtual_keyboard_v1. */
const KEYMAP = 0;
const KEY = 1;
const MODIFIERS = 2;
/** Requests of zwlr_virtual_pointer_v1. */
const MOTION_ABSOLUTE = 1;
const BUTTON = 2;
const FRAME = 4;
const AXIS_DISCRETE = 7;
/** Numbers of the kernel for the buttons of a mouse. */
const BUTTONS = { left: 0x110, right: 0x111, middle: 0x112 } as const;
const WHEEL = {
  up: { axis: 0, sign: -1 },
  down: { axis: 0, sign: 1 },
  left: { axis: 1, sign: -1 },
  right: { axis: 1, sign: 1 },
} as const;
/** What one notch of a wheel counts, in Wayland's numbers of 24.8 bits. */
const NOTCH = 15 * 256;
const XKB_V1 = 1;
const DOWN = 1;
const UP = 0;

/** One key with what is held meanwhile; only the held keys when `keysym` is `null`. */
export interface SymbolKey {
  readonly modifiers: readonly string[];
  readonly keysym: number | null;
}

/** A keyboard and a pointer of our own, as wlroots compositors offer them to programs. */
export class VirtualInput {
  readonly #connection: WaylandConnection;
  readonly #keyboard: number;
  readonly #pointer: number;
  #keymap: SymbolKeymap | null = null;

  private constructor(
    connection: WaylandConnection,
    { keyboard, pointer }: { readonly keyboard: number; readonly pointer: number },
  ) {
    this.#connection = connection;
    this.#keyboard = keyboard;
    this.#pointer = pointer;
  }

  /** The devices stay until `close`, because programs take a while to notice new ones. */
  static async open(path: string): Promise<VirtualInput> {
    const connection = await WaylandConnection.open(path);
    try {
      const seat = connection.bind('wl_seat', 1);
      const keyboards = connection.bind('zwp_virtual_keyboard_manager_v1', 1);
      const pointers = connection.bind('zwlr_virtual_pointer_manager_v1', 1);
      const keyboard = connection.newId();
      connection.send(keyboards, 0, [seat, keyboard]);
      // with it the seat has a pointer even where no mouse is plugged in
      const pointer = connection.newId();
      connection.send(pointers, 0, [seat, pointer]);
      const input = new VirtualInput(connection, { keyboard, pointer });
      await input.prepare([]);
      return input;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get isLost(): boolean {
    return this.#connection.isLost;
  }

  /** There are keys for all the symbols. */
  has(keysyms: readonly number[]): boolean {
    return this.#keymap?.has(keysyms) === true;
  }

  /** Makes keys for as many of the symbols as there is room for, from the first on. */
  async prepare(keysyms: readonly number[]): Promise<void> {
    const keymap = new SymbolKeymap(extrasOf(keysyms).slice(0, MAX_EXTRAS));
    const text = Buffer.from(`${keymap.text}\0`);
    const request = (): Buffer => encode(this.#keyboard, KEYMAP, [XKB_V1, text.length]);
    await this.#connection.sendDescriptor(request, descriptorOf(text));
    await this.#connection.sync();
    this.#keymap = keymap;
  }

  /** Sends key presses in one piece; whoever has the focus when the compositor reads it gets all of them. */
  press(keys: readonly SymbolKey[]): void {
    this.#connection.write(keys.flatMap((key) => this.#stroke(key)));
  }

  hold(modifiers: readonly string[]): void {
    this.#connection.write(this.#holding(modifiers));
  }

  release(modifiers: readonly string[]): void {
    this.#connection.write(this.#releasing(modifiers));
  }

  /** Moves the pointer to a pixel of the layout. */
  move(at: Point, screen: Rect): void {
    this.#connection.write(this.#motion(at, screen));
  }

  /** Moves the pointer, and clicks or turns the wheel there, in one piece. */
  act(gesture: Gesture, at: Point, screen: Rect): void {
    this.#connection.write([...this.#motion(at, screen), ...this.#action(gesture)]);
  }

  /** Waits until the compositor has handled what was sent. */
  sync(): Promise<void> {
    return this.#connection.sync();
  }

  close(): void {
    this.#connection.close();
  }

  #motion({ x, y }: Point, screen: Rect): readonly Buffer[] {
    // the middle of the pixel, as a part of the screen
    const place = [2 * (x - screen.x) + 1, 2 * (y - screen.y) + 1, 2 * screen.width, 2 * screen.height];
    return this.#framed(MOTION_ABSOLUTE, place);
  }

  #action(gesture: Gesture): readonly Buffer[] {
    if (gesture.kind === 'move') return [];
    if (gesture.kind === 'scroll') {
      const { axis, sign } = WHEEL[gesture.direction];
      const notch = () => this.#framed(AXIS_DISCRETE, [axis, sign * NOTCH, sign]);
      return Array.from({ length: gesture.notches }, notch).flat();
    }
    const button = BUTTONS[gesture.button];
    const click = () => [...this.#framed(BUTTON, [button, DOWN]), ...this.#framed(BUTTON, [button, UP])];
    return Array.from({ length: gesture.count }, click).flat();
  }

  #framed(opcode: number, args: readonly number[]): readonly Buffer[] {
    return [encode(this.#pointer, opcode, [performance.now(), ...args]), encode(this.#pointer, FRAME, [])];
  }

  #stroke({ modifiers, keysym }: SymbolKey): readonly Buffer[] {
    const stroke = keysym === null ? [] : [this.#key(keysym, DOWN), this.#key(keysym, UP)];
    return modifiers.length === 0
      ? stroke
      : [...this.#holding(modifiers), ...stroke, ...this.#releasing(modifiers)];
  }

  #holding(modifiers: readonly string[]): readonly Buffer[] {
    const held = modifiers.map(modifierNamed);
    const bits = held.reduce((mask, { bit }) => mask | bit, 0);
    return [...held.map(({ keysym }) => this.#key(keysym, DOWN)), this.#state(bits)];
  }

  #releasing(modifiers: readonly string[]): readonly Buffer[] {
    const held = modifiers.map(modifierNamed);
    return [...held.toReversed().map(({ keysym }) => this.#key(keysym, UP)), this.#state(0)];
  }

  #key(keysym: number, state: number): Buffer {
    if (this.#keymap === null) throw new Error('the keyboard has no keys yet');
    return encode(this.#keyboard, KEY, [performance.now(), this.#keymap.keyOf(keysym), state]);
  }

  #state(bits: number): Buffer {
    return encode(this.#keyboard, MODIFIERS, [bits, 0, 0, 0]);
  }
}
