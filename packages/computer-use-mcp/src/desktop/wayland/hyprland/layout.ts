import { around, type Rect } from '../../../core/geometry.ts';
import { lessAll } from '../../../core/visible.ts';
import type { Layout } from '../compositor.ts';
import type { Client, LayoutAnswers, Monitor } from './answers.ts';
import { stack, type StackedClient } from './stacking.ts';

/** Scales are whole multiples of a part of this, and told with two digits behind the point. */
const SCALE_STEPS = 120;
const SCALE_DOUBT = 0.005;
/** Borders, tabs of groups and the places to drag them lie within this around a window. */
const RING = 32;
/** Of the layers, top and overlay. */
const OVER_WINDOWS: ReadonlySet<string> = new Set(['2', '3']);
/** Speeds of animations are told in tenths of a second. */
const MS_OF_SPEED = 100;
/** Programs draw a new size a little after they were told of it. */
const DRAWING_MS = 250;

/** Gives windows numbers: their addresses are too long for the tools. */
export type NumberOf = (client: Pick<Client, 'address' | 'pid'>) => number;

/** Turns Hyprland's answers of one instant into a layout. While the session is locked, no window shows or has the focus. */
export function layoutOf(answers: LayoutAnswers, numberOf: NumberOf): Omit<Layout, 'turn'> {
  const [clients, active, monitors, layers, { locked }, [animations]] = answers;
  const [monitor, ...others] = monitors;
  const stacked = stack(clients, monitors);
  const windows = stacked.map(({ client, rect, isShown, isDoubtful }) => ({
    id: numberOf(client),
    pid: client.xwayland || isDoubtful || client.pid <= 0 ? null : client.pid,
    title: client.title,
    content: rect,
    whole: isShown && !locked ? [rect] : [],
    focused: !locked && client.address === active.address,
    visible: isShown && !locked,
  }));
  const speeds = animations.flatMap(({ name, enabled, speed }) =>
    enabled && !name.startsWith('border') ? [speed] : [],
  );
  return {
    screen: around([boxOf(monitor), ...others.map(boxOf)]),
    windows,
    over: [...layersOver(layers), ...ringsOf(stacked)],
    settleMs: MS_OF_SPEED * Math.max(0, ...speeds) + DRAWING_MS,
  };
}

/** Where a monitor is on the layout. */
function boxOf({ x, y, transform, ...monitor }: Monitor): Rect {
  const isOnSide = transform % 2 === 1;
  const scale = scaleOf(monitor);
  const [width, height] = isOnSide ? [monitor.height, monitor.width] : [monitor.width, monitor.height];
  return { x, y, width: Math.round(width / scale), height: Math.round(height / scale) };
}

/** The scale that was rounded before it was told: the nearest one that gives whole numbers. */
function scaleOf({ width, height, scale }: Pick<Monitor, 'width' | 'height' | 'scale'>): number {
  const told = Math.round(scale * SCALE_STEPS);
  const isWhole = (steps: number) =>
    Math.abs(steps / SCALE_STEPS - scale) <= SCALE_DOUBT &&
    [width, height].every((length) => (length * SCALE_STEPS) % steps === 0);
  const steps = [told, told - 1, told + 1].find(isWhole);
  return steps === undefined ? scale : steps / SCALE_STEPS;
}

const layersOver = (layers: LayoutAnswers[3]): readonly Rect[] =>
  Object.values(layers).flatMap(({ levels }) =>
    Object.entries(levels).flatMap(([level, surfaces]) =>
      OVER_WINDOWS.has(level) ? surfaces.map(({ x, y, w, h }) => ({ x, y, width: w, height: h })) : [],
    ),
  );

/** What is around floating windows: it belongs to them or to those below, which is not told. */
function ringsOf(stacked: readonly StackedClient[]): readonly Rect[] {
  const shown = stacked.filter(({ isShown }) => isShown);
  return shown.flatMap(({ client, rect }, index) => {
    if (!client.floating || client.fullscreen > 0) return [];
    const ring = {
      x: rect.x - RING,
      y: rect.y - RING,
      width: rect.width + 2 * RING,
      height: rect.height + 2 * RING,
    };
    return lessAll([ring], [rect, ...shown.slice(0, index).map((above) => above.rect)]);
  });
}
