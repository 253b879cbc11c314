import { CliError } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rect, Size } from '../../core/geometry.ts';
import { XConnection, type XCookie } from '../../desktop/x11/connection.ts';
import type { Part } from '../cast.ts';
import type { Actor, Stage } from '../stage.ts';
import { startActor, type ActorProcess } from './actor-process.ts';

/** Room for each actor: its window, a smaller one beside it, and what the window manager puts around. */
const CELL = { width: 250, height: 155 };
const WINDOW = { width: 180, height: 110 };
const NARROW = 36;
const MARGIN = { left: 20, top: 45 };
/** Colours far apart from each other and from black. */
const BRIGHT = [0xe0, 0x90, 0x50];

const FROM_PAGER = 2;
const REVERT_TO_POINTER_ROOT = 1;
const LOOK_MS = 10;
const FORCE_AFTER_MS = 300;
const FRONT_MS = 5000;
/** A window manager has noticed by then that the focus went elsewhere. */
const NOTICE_MS = 500;

export interface X11StageOptions {
  readonly display: string;
  readonly parts: readonly Part[];
  readonly executables: ReadonlyMap<Part, string>;
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of that of `XAUTHORITY`. */
  readonly cookie?: XCookie;
}

/**
 * Opens the windows, none above another.
 *
 * @throws CliError when the display is too small or has no window manager
 */
export async function openX11Stage(options: X11StageOptions): Promise<Stage> {
  const { display, parts, cookie } = options;
  const x = await XConnection.open(display, cookie);
  const close = async (processes: readonly ActorProcess[]): Promise<void> => {
    x.destroy('the drill is over');
    await Promise.all(processes.map((actor) => actor.close()));
  };
  try {
    const screen = await sizeOf(x);
    const entered = await allOrNone(
      parts.map((part, index) => {
        const place = placeOf(index, parts.length, screen);
        return enter(part, part.isNarrow ? { ...place, width: NARROW } : place, index, options);
      }),
    );
    return {
      screen,
      actors: entered.map(({ actor }) => actor),
      keepsFront: await keepsFront(x, entered),
      bringToFront: async (actor) => {
        await processOf(entered, actor).tell('focus');
        await activate(x, actor.window.window);
      },
      takeKeyboard: async (actor) => {
        await processOf(entered, actor).tell('focus-popup');
      },
      pointAt: ({ place }) => movePointer(x, place),
      isInFront: (actor) => isActive(x, actor.window.window),
      received: () => Promise.all(entered.map(({ process }) => process.tell('count'))),
      close: () => close(entered.map(({ process }) => process)),
    };
  } catch (error) {
    await close([]);
    throw error;
  }
}

async function movePointer(x: XConnection, { x: left, y: top, width, height }: Rect): Promise<void> {
  const { xtest } = x.ext;
  xtest.FakeInput(xtest.MotionNotify, 0, 0, x.root, left + width / 2, top + height / 2);
  await x.sync();
}

interface Entered {
  readonly actor: Actor;
  readonly process: ActorProcess;
}

/** Ends those that came in when one of them does not. */
async function allOrNone(entering: readonly Promise<Entered>[]): Promise<readonly Entered[]> {
  const settled = await Promise.allSettled(entering);
  const entered = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed === undefined) return entered;
  await Promise.all(entered.map(({ process }) => process.close()));
  throw failed.reason;
}

function processOf(entered: readonly Entered[], actor: Actor): ActorProcess {
  const found = entered.find((one) => one.actor === actor);
  if (found === undefined) throw new Error(`${actor.part.name} is not on this stage`);
  return found.process;
}

async function enter(
  part: Part,
  place: Rect,
  index: number,
  { display, executables, script, env }: X11StageOptions,
): Promise<Entered> {
  const executable = executables.get(part) ?? '';
  const title = `drill: ${part.name}`;
  const colour = colourOf(index);
  const look = { display, title, colour, place };
  const process = await startActor({ part, executable, script, look, env });
  return { actor: { part, executable, title, colour, place, window: { window: process.window } }, process };
}

/** A colour of its own for each actor. */
function colourOf(index: number): number {
  const at = (power: number): number => BRIGHT[Math.floor(index / power) % BRIGHT.length] ?? 0;
  return (at(1) << 16) | (at(3) << 8) | at(9);
}

function placeOf(index: number, count: number, screen: Size): Rect {
  const columns = Math.floor((screen.width - MARGIN.left) / CELL.width);
  const rows = Math.floor((screen.height - MARGIN.top) / CELL.height);
  if (columns * rows < count) {
    throw new CliError(
      `the screen of ${screen.width} x ${screen.height} pixels has no room for ${count} windows beside each other`,
      { hint: 'Run: computer-use-mcp drill --private' },
    );
  }
  const column = index % columns;
  const row = Math.floor(index / columns);
  return { x: MARGIN.left + column * CELL.width, y: MARGIN.top + row * CELL.height, ...WINDOW };
}

const sizeOf = (x: XConnection): Promise<Size> => x.ask<Size>((reply) => x.client.GetGeometry(x.root, reply));

/** Tries out what the window manager says when an unmanaged window takes the focus. */
async function keepsFront(x: XConnection, [first, second]: readonly Entered[]): Promise<boolean> {
  if (first === undefined || second === undefined) return false;
  const { window } = first.actor.window;
  await activate(x, window);
  await second.process.tell('focus-popup');
  const until = performance.now() + NOTICE_MS;
  while (performance.now() < until) {
    const [active] = await x.longs(x.root, '_NET_ACTIVE_WINDOW', 1);
    if (active !== window) return false;
    await delay(LOOK_MS);
  }
  return true;
}

/** The window manager calls it active, and the keyboard's focus is in it. */
async function isActive(x: XConnection, window: number): Promise<boolean> {
  const [active] = await x.longs(x.root, '_NET_ACTIVE_WINDOW', 1);
  const { focus } = await x.ask<{ readonly focus: number }>((reply) => x.client.GetInputFocus(reply));
  return active === window && focus === window;
}

/** Asks as a pager does, and waits until it is so. */
async function activate(x: XConnection, window: number): Promise<void> {
  const start = performance.now();
  while (!(await isActive(x, window))) {
    const waited = performance.now() - start;
    if (waited > FRONT_MS) {
      throw new CliError('no window manager brings the windows of the drill to the front', {
        hint: 'Start one, or run: computer-use-mcp drill --private',
      });
    }
    const request = [FROM_PAGER, 0, 0];
    x.client.SendClientMessage(x.root, window, x.atom('_NET_ACTIVE_WINDOW'), 32, request);
    await x.sync();
    // some leave the focus with its thief when they hold the window active all the while
    const [active] = await x.longs(x.root, '_NET_ACTIVE_WINDOW', 1);
    if (active === window && waited > FORCE_AFTER_MS) x.client.SetInputFocus(window, REVERT_TO_POINTER_ROOT);
    await delay(LOOK_MS);
  }
}
