import type { Subject } from '@deskhand/tier-policy';
import { contains, type Point } from '../../core/geometry.ts';
import type { Judge, Judged } from '../desktop.ts';
import { DesktopBusy } from '../failure.ts';
import type { XConnection } from './connection.ts';
import { injectorIsTaken } from './device-grabs.ts';
import { FOREIGN, pointerIsGrabbed } from './grab-state.ts';
import { leftButton, letGo, pointerOf } from './held.ts';
import type { OwnerSources } from './owners.ts';
import { pathWithin } from './paths.ts';
import { menuOwner, moveTo, type Pressed } from './pointer.ts';
import { SceneReader, type SceneReading } from './scene.ts';
import { atomically } from './section.ts';

const LEFT_BIT = 0x100;
const VIEWABLE = 2;
/** The way of the pointer from one motion to the next, and how many there are at least: toolkits ignore a single one. */
const STRIDE_PX = 24;
const LEAST_STEPS = 8;
const MOST_STEPS = 48;

/** The points on the way from one to another, the last one being the other. */
export function between(from: Point, to: Point, least = LEAST_STEPS): readonly Point[] {
  const strides = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STRIDE_PX);
  const steps = Math.min(MOST_STEPS, Math.max(least, strides));
  return Array.from({ length: steps }, (_, index) => ({
    x: Math.round(from.x + ((to.x - from.x) * (index + 1)) / steps),
    y: Math.round(from.y + ((to.y - from.y) * (index + 1)) / steps),
  }));
}

export interface DragOptions {
  readonly x: XConnection;
  readonly sources: OwnerSources;
}

/** Who would be dragged over at a point; sends nothing. */
export function lookAt(at: Point, judge: Judge, { x, sources }: DragOptions): Promise<Judged> {
  return atomically<Judged>(x, async () => {
    const { scene } = await new SceneReader(x, sources).forPointer(at);
    return { value: { decision: judge(scene), scene } };
  });
}

export interface DragStep {
  /** Where the pointer is to go; `null` where it is. */
  readonly to: Point | null;
  /** Passing goes on beside what nobody owns, such as the bare screen and the frames of windows. */
  readonly then: 'pass' | 'hold' | 'release';
  readonly pressed: Pressed;
}

/**
 * One step with the button down: reads and judges who has the press and who is under the pointer, and then moves
 * and lets go in the same section. Nothing is sent when `judge` refuses.
 */
export function stepHeld(
  { to, then, pressed }: DragStep,
  judge: Judge,
  { x, sources }: DragOptions,
): Promise<Judged> {
  return atomically<Judged>(x, async () => {
    const reader = new SceneReader(x, sources);
    const at = to ?? (await pointerOf(x));
    const [here, from, isGrabbed, isTaken] = await Promise.all([
      reader.forPointer(at),
      reader.forPointer(pressed.at, Promise.resolve(pressed.path)),
      reader.pathUnderPointer().then((under) => pointerIsGrabbed(x, under.at(-1) ?? x.root)),
      injectorIsTaken(x, 'pointer'),
    ]);
    if ((here.stateMask & LEFT_BIT) === 0) throw new DesktopBusy('somebody else let go of the button');
    const isForeign = isGrabbed && !pressed.isGrabbed;
    const beneath = await beneathDragged(at, here, { x, reader, pressed });
    const takers = isTaken ? [FOREIGN] : isForeign ? await menuOwner(x, reader, from) : [];
    const scene = {
      ...here.scene,
      recipients: [...here.scene.recipients, ...beneath, ...from.scene.recipients, ...takers],
    };
    const decision = judge(scene);
    if (!decision.allowed) {
      const isPassable = then === 'pass' && (await isNobodys(x, reader, here));
      const passing = { ...scene, recipients: [...from.scene.recipients, ...takers] };
      return { value: { decision: isPassable ? judge(passing) : decision, scene } };
    }
    pressed.isGrabbed = isGrabbed;
    return {
      value: { decision, scene },
      send: () => {
        if (to !== null) moveTo(x, to);
        if (then === 'release') letGo(x, leftButton(pressed.keycodes));
      },
    };
  });
}

/** The bare screen, or what the window manager draws around windows: the pointer is not put there, but goes past. */
async function isNobodys(
  x: XConnection,
  { owners }: SceneReader,
  { path, managed }: SceneReading,
): Promise<boolean> {
  const [top] = path;
  if (top === undefined) return true;
  const [check = 0] = await x.longs(x.root, '_NET_SUPPORTING_WM_CHECK', 1);
  return (
    managed === null &&
    check !== 0 &&
    path.every((window) => owners.clientOf(window) === owners.clientOf(check))
  );
}

interface Dragging {
  readonly x: XConnection;
  readonly reader: SceneReader;
  readonly pressed: Pressed;
}

/**
 * The picture of what is dragged is a window that follows the pointer, and its program drops through it. So what
 * lies beneath is a recipient as well.
 */
async function beneathDragged(
  at: Point,
  { managed, path }: SceneReading,
  { x, reader, pressed }: Dragging,
): Promise<readonly Subject[]> {
  const [top] = path;
  const source = pressed.path.at(-1);
  if (top === undefined || source === undefined || managed !== null) return [];
  const client = reader.owners.clientOf(source);
  if (reader.owners.clientOf(top) !== client || top === pressed.path[0]) return [];
  const { children } = await x.ask<{ readonly children: readonly number[] }>((reply) =>
    x.client.QueryTree(x.root, reply),
  );
  const below = children
    .slice(0, children.indexOf(top))
    .filter((window) => reader.owners.clientOf(window) !== client || pressed.path[0] === window);
  const hits = await Promise.all(below.map((window) => takesPointer(x, window, at)));
  const hit = below[hits.lastIndexOf(true)];
  if (hit === undefined) return [];
  return (await reader.forPointer(at, pathWithin(x, hit, at))).scene.recipients;
}

/** Whether a window of the root is there for the pointer, by its outline and its input shape. */
async function takesPointer(x: XConnection, window: number, at: Point): Promise<boolean> {
  const { client, ext } = x;
  const [attributes, geometry, shape] = await Promise.all([
    x.askOfWindow<{ readonly mapState: number }>((reply) => client.GetWindowAttributes(window, reply)),
    x.askOfWindow<{ readonly xPos: number; readonly yPos: number; readonly borderWidth: number }>((reply) =>
      client.GetGeometry(window, reply),
    ),
    x.askOfWindow<{ readonly rectangles: readonly (readonly [number, number, number, number])[] }>((reply) =>
      ext.shape.GetRectangles(window, ext.shape.Kind.Input, reply),
    ),
  ]);
  if (attributes?.mapState !== VIEWABLE || geometry === null || shape === null) return false;
  const inside = {
    x: at.x - geometry.xPos - geometry.borderWidth,
    y: at.y - geometry.yPos - geometry.borderWidth,
  };
  return shape.rectangles.some(([left, top, width, height]) =>
    contains({ x: left, y: top, width, height }, inside),
  );
}
