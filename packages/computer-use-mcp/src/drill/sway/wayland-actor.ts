import type { Size } from '../../core/geometry.ts';
import { WaylandConnection } from '../../desktop/wayland/connection.ts';
import { descriptorOf } from '../../desktop/wayland/nameless-file.ts';
import { encode } from '../../desktop/wayland/wire.ts';
import type { ActorWindows } from '../actor.ts';
import type { Answer, Appearance, Order } from '../actor-protocol.ts';

/** Numbers of requests, events and values (wayland.xml, xdg-shell.xml). */
const COMPOSITOR = { createSurface: 0 };
const SURFACE = { attach: 1, damage: 2, commit: 6 };
const SHM = { createPool: 0 };
const POOL = { createBuffer: 0 };
const XRGB = 1;
const WM_BASE = { getXdgSurface: 2, pong: 3, ping: 0 };
const XDG_SURFACE = { getToplevel: 1, ackConfigure: 4, configure: 0 };
const TOPLEVEL = { setTitle: 2, setMaxSize: 7, setMinSize: 8 };
const SEAT = { getPointer: 0, getKeyboard: 1, capabilities: 0 };
const CAPABLE = { pointer: 1, keyboard: 2 };
/** The pointer comes in, moves, presses and turns its wheel. */
const POINTER_EVENTS = new Set([0, 2, 3, 4]);
const KEY_EVENT = 3;

/** Opens one window of one colour, and counts what it gets. */
export async function openWaylandWindow({
  display,
  title,
  colour,
  place,
}: Appearance): Promise<ActorWindows> {
  const wayland = await WaylandConnection.open(display);
  const buffer = await paint(wayland, place, colour);
  // a keyboard sends a descriptor with its layout, of which nothing is needed here
  wayland.dropDescriptors();
  const counts = { pointer: 0, keys: 0 };
  watchSeat(wayland, counts);
  await show(wayland, { title, size: place, buffer });
  return {
    window: 0,
    obey: (order) => obey(order, wayland, counts),
    close: () => wayland.close(),
  };
}

interface Counts {
  pointer: number;
  keys: number;
}

async function obey({ id, do: what }: Order, wayland: WaylandConnection, counts: Counts): Promise<Answer> {
  // the answer comes behind every event that was on its way, and after a device that is new was asked for
  await wayland.sync();
  await wayland.sync();
  const { pointer, keys } = counts;
  if (what === 'count') Object.assign(counts, { pointer: 0, keys: 0 });
  return { id, pointer, keys, releases: 0 };
}

/** A picture of one colour. */
async function paint(wayland: WaylandConnection, size: Size, colour: number): Promise<number> {
  const { width, height } = size;
  const pixels = Buffer.alloc(width * height * 4);
  for (let at = 0; at < pixels.length; at += 4) pixels.writeUInt32LE(colour, at);
  const shm = wayland.bind('wl_shm', 1);
  let pool = 0;
  const request = (): Buffer => encode(shm, SHM.createPool, [(pool = wayland.newId()), pixels.length]);
  await wayland.sendDescriptor(request, descriptorOf(pixels));
  const buffer = wayland.newId();
  wayland.send(pool, POOL.createBuffer, [buffer, 0, width, height, width * 4, XRGB]);
  return buffer;
}

/** A seat has devices only while somebody offers one, and asking for one before is an error. */
function watchSeat(wayland: WaylandConnection, counts: Counts): void {
  const seat = wayland.bind('wl_seat', 1);
  let before = 0;
  wayland.listen(seat, (event, body) => {
    if (event !== SEAT.capabilities) return;
    const now = body.readUInt32LE(0);
    const fresh = now & ~before;
    before = now;
    if ((fresh & CAPABLE.pointer) !== 0) {
      const pointer = wayland.newId();
      wayland.send(seat, SEAT.getPointer, [pointer]);
      wayland.listen(pointer, (happened) => {
        if (POINTER_EVENTS.has(happened)) counts.pointer += 1;
      });
    }
    if ((fresh & CAPABLE.keyboard) !== 0) {
      const keyboard = wayland.newId();
      wayland.send(seat, SEAT.getKeyboard, [keyboard]);
      wayland.listen(keyboard, (happened) => {
        if (happened === KEY_EVENT) counts.keys += 1;
      });
    }
  });
}

interface Showing {
  readonly title: string;
  readonly size: Size;
  readonly buffer: number;
}

/** Compositors float a window of a fixed size. */
async function show(wayland: WaylandConnection, { title, size, buffer }: Showing): Promise<void> {
  const { width, height } = size;
  const [compositor, base] = [wayland.bind('wl_compositor', 1), wayland.bind('xdg_wm_base', 1)];
  const [surface, xdgSurface, toplevel] = [wayland.newId(), wayland.newId(), wayland.newId()];
  wayland.listen(base, (event, body) => {
    if (event === WM_BASE.ping) wayland.send(base, WM_BASE.pong, [body.readUInt32LE(0)]);
  });
  wayland.send(compositor, COMPOSITOR.createSurface, [surface]);
  wayland.send(base, WM_BASE.getXdgSurface, [xdgSurface, surface]);
  wayland.send(xdgSurface, XDG_SURFACE.getToplevel, [toplevel]);
  wayland.send(toplevel, TOPLEVEL.setTitle, [title]);
  wayland.send(toplevel, TOPLEVEL.setMinSize, [width, height]);
  wayland.send(toplevel, TOPLEVEL.setMaxSize, [width, height]);
  const shown = new Promise<void>((resolve) => {
    wayland.listen(xdgSurface, (event, body) => {
      if (event !== XDG_SURFACE.configure) return;
      wayland.send(xdgSurface, XDG_SURFACE.ackConfigure, [body.readUInt32LE(0)]);
      wayland.send(surface, SURFACE.attach, [buffer, 0, 0]);
      wayland.send(surface, SURFACE.damage, [0, 0, width, height]);
      wayland.send(surface, SURFACE.commit, []);
      resolve();
    });
  });
  wayland.send(surface, SURFACE.commit, []);
  await shown;
  await wayland.sync();
}
