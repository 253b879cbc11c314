import { CliError } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rect, Size } from '../../core/geometry.ts';
import { XConnection, type XCookie } from '../../desktop/x11/connection.ts';
import type { ActorProcess } from '../actor-process.ts';
import { closeAll, enterAll, receivedBy, type Ensemble, type Entered } from '../ensemble.ts';
import type { Actor, Stage } from '../stage.ts';
import { untilManaged } from './managed.ts';

const NARROW = 36;
const FROM_PAGER = 2;
const REVERT_TO_POINTER_ROOT = 1;
const LOOK_MS = 10;
const FORCE_AFTER_MS = 300;
const FRONT_MS = 5000;
/** A window manager has noticed by then that the focus went elsewhere. */
const NOTICE_MS = 500;

export interface X11StageOptions extends Ensemble {
  readonly display: string;
  /** Instead of that of `XAUTHORITY`. */
  readonly cookie?: XCookie;
}

/**
 * Opens the windows, none above another.
 *
 * @throws CliError when the display is too small or has no window manager
 */
export async function openX11Stage(options: X11StageOptions): Promise<Stage> {
  const { display, cookie, ...others } = options;
  const x = await XConnection.open(display, cookie);
  let entered: readonly Entered[] = [];
  const close = async (): Promise<void> => {
    x.destroy('the drill is over');
    await closeAll(entered);
  };
  try {
    const screen = await sizeOf(x);
    entered = await enterAll({
      ...others,
      on: { windowSystem: 'x11', display },
      room: { x: 0, y: 0, ...screen },
      fit: (place, { isNarrow }) => (isNarrow ? { ...place, width: NARROW } : place),
    });
    const actors = entered.map(({ actor, process }) => ({ ...actor, window: { window: process.window } }));
    const processOf = (actor: Actor): ActorProcess => played(actor, actors, entered);
    return {
      screen,
      actors,
      lacks: new Map(),
      keepsFront: await keepsFront(x, entered),
      bringToFront: async (actor) => {
        await processOf(actor).tell('focus');
        await activate(x, actor.window.window);
      },
      takeKeyboard: async (actor) => {
        await processOf(actor).tell('focus-popup');
      },
      pointAt: ({ place }) => movePointer(x, place),
      isInFront: (actor) => isActive(x, actor.window.window),
      received: () => receivedBy(entered),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function movePointer(x: XConnection, { x: left, y: top, width, height }: Rect): Promise<void> {
  const { xtest } = x.ext;
  xtest.FakeInput(xtest.MotionNotify, 0, 0, x.root, left + width / 2, top + height / 2);
  await x.sync();
}

function played(actor: Actor, actors: readonly Actor[], entered: readonly Entered[]): ActorProcess {
  const found = entered[actors.indexOf(actor)];
  if (found === undefined) throw new Error(`${actor.part.name} is not on this stage`);
  return found.process;
}

const sizeOf = (x: XConnection): Promise<Size> => x.ask<Size>((reply) => x.client.GetGeometry(x.root, reply));

/** Tries out what the window manager says when an unmanaged window takes the focus. */
async function keepsFront(x: XConnection, [first, second]: readonly Entered[]): Promise<boolean> {
  if (first === undefined || second === undefined) return false;
  const { window } = first.process;
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

/** Asks as a pager does, and waits until it is so and nobody else is about to get the focus. */
async function activate(x: XConnection, window: number): Promise<void> {
  const start = performance.now();
  for (;;) {
    await untilManaged(x);
    if (await isActive(x, window)) return;
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
