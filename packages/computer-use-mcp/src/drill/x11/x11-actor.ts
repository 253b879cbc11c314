import { setTimeout as delay } from 'node:timers/promises';
import x11 from 'x11';
import type { Rect } from '../../core/geometry.ts';
import { XConnection } from '../../desktop/x11/connection.ts';
import type { ActorWindows } from '../actor.ts';
import type { Answer, Appearance, Order } from '../actor-protocol.ts';

const { eventMask } = x11;
const WATCHED =
  eventMask.ButtonPress |
  eventMask.ButtonRelease |
  eventMask.PointerMotion |
  eventMask.KeyPress |
  eventMask.KeyRelease;
const POINTER = new Set(['ButtonPress', 'ButtonRelease', 'MotionNotify']);
const KEYS = new Set(['KeyPress', 'KeyRelease']);
const NOTHING = { pointer: 0, keys: 0, releases: 0 };

const REPLACE = 0;
const VIEWABLE = 2;
const REVERT_TO_POINTER_ROOT = 1;
const LOOK_MS = 20;
const STRING = 31;
const [WM_NAME, WM_NORMAL_HINTS, WM_SIZE_HINTS] = [39, 40, 41];
const US_POSITION_AND_SIZE = 0b11;
const P_WIN_GRAVITY = 1 << 9;
const STATIC_GRAVITY = 10;
/** The second window, right of the first one. */
const POPUP = { gap: 8, size: 36 };

/** Opens an ordinary window and one without the window manager, and counts what they get. */
export async function openX11Windows({ display, title, colour, place }: Appearance): Promise<ActorWindows> {
  const x = await XConnection.open(display);
  const counts = { ...NOTHING };
  x.onEvent(({ name = '' }) => {
    if (POINTER.has(name)) counts.pointer += 1;
    if (KEYS.has(name)) counts.keys += 1;
    if (name === 'ButtonRelease') counts.releases += 1;
  });
  const window = await openWindow(x, { title, colour, place, isManaged: true });
  const popup = await openWindow(x, { title, colour, place: besides(place), isManaged: false });
  return {
    window,
    obey: (order) => obey(order, { x, window, popup, counts }),
    close: () => x.destroy('the drill is over'),
  };
}

/** The place of the window that can hold the keyboard while another application is in front. */
const besides = ({ x, y, width }: Rect): Rect => ({
  x: x + width + POPUP.gap,
  y,
  width: POPUP.size,
  height: POPUP.size,
});

interface Windows {
  readonly x: XConnection;
  readonly window: number;
  readonly popup: number;
  readonly counts: typeof NOTHING;
}

async function obey({ id, do: what }: Order, { x, window, popup, counts }: Windows): Promise<Answer> {
  if (what === 'focus') x.client.SetInputFocus(window, REVERT_TO_POINTER_ROOT);
  if (what === 'focus-popup') x.client.SetInputFocus(popup, REVERT_TO_POINTER_ROOT);
  // the answer comes behind every event that was on its way
  await x.sync();
  const answer = { id, ...counts };
  if (what === 'count') Object.assign(counts, NOTHING);
  return answer;
}

interface Opening extends Pick<Appearance, 'title' | 'colour' | 'place'> {
  readonly isManaged: boolean;
}

async function openWindow(x: XConnection, opening: Opening): Promise<number> {
  const { client } = x;
  const { place, colour, title, isManaged } = opening;
  const window = client.AllocID();
  client.CreateWindow(window, x.root, place.x, place.y, place.width, place.height, 0, 0, 0, 0, {
    eventMask: WATCHED,
    overrideRedirect: isManaged ? 0 : 1,
    backgroundPixel: colour,
  });
  client.ChangeProperty(REPLACE, window, WM_NAME, STRING, 8, Buffer.from(title));
  client.ChangeProperty(REPLACE, window, WM_NORMAL_HINTS, WM_SIZE_HINTS, 32, exactPlace());
  client.MapWindow(window);
  for (;;) {
    const { mapState } = await x.ask<{ readonly mapState: number }>((reply) =>
      client.GetWindowAttributes(window, reply),
    );
    if (mapState === VIEWABLE) return window;
    await delay(LOOK_MS);
  }
}

/** Asks the window manager to leave the inside exactly where it is put. */
function exactPlace(): Buffer {
  const hints = Buffer.alloc(18 * 4);
  hints.writeUInt32LE(US_POSITION_AND_SIZE | P_WIN_GRAVITY, 0);
  hints.writeUInt32LE(STATIC_GRAVITY, 17 * 4);
  return hints;
}
