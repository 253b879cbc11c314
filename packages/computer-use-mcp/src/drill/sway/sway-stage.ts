import { CliError } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rect } from '../../core/geometry.ts';
import { SwayCompositor } from '../../desktop/wayland/sway/sway-compositor.ts';
import type { LaidWindow, Layout } from '../../desktop/wayland/compositor.ts';
import { closeAll, enterAll, receivedBy, type Ensemble, type Entered } from '../ensemble.ts';
import type { Actor, Stage } from '../stage.ts';

/** What sway gives no ground for. */
const LACKS: ReadonlyMap<string, string> = new Map([
  ...(['read_clipboard', 'write_clipboard'] as const).map((tool) => [tool, 'clipboard_unavailable'] as const),
  ...(['left_click_drag', 'left_mouse_down', 'left_mouse_up', 'hold_key'] as const).map(
    (tool) => [tool, 'not_on_this_desktop'] as const,
  ),
]);

const LOOK_MS = 10;
const PATIENCE_MS = 5000;

export interface SwayStageOptions extends Ensemble {
  /** SWAYSOCK. */
  readonly socket: string;
  /** The path of the Wayland socket. */
  readonly display: string;
}

/**
 * Opens the windows as floating ones, none above another, on the workspace that has the focus.
 *
 * @throws CliError when there is no room for them
 */
export async function openSwayStage({ socket, display, ...ensemble }: SwayStageOptions): Promise<Stage> {
  const session = await SwayCompositor.open(socket);
  let entered: readonly Entered[] = [];
  const close = async (): Promise<void> => {
    session.close();
    await closeAll(entered);
  };
  try {
    const { screen } = await session.layout();
    const room = (await session.room()) ?? screen;
    entered = await enterAll({ ...ensemble, on: { windowSystem: 'wayland', display }, room });
    const actors: Actor[] = [];
    for (const one of entered) actors.push(await placed(session, one, screen));
    return {
      screen,
      actors,
      lacks: LACKS,
      keepsFront: false,
      bringToFront: (actor) => focus(session, actor),
      // no window of its own holds the keyboard without being in front
      takeKeyboard: (actor) => focus(session, actor),
      pointAt: async ({ place }) => {
        const [x, y] = [screen.x + place.x + place.width / 2, screen.y + place.y + place.height / 2];
        await session.run(`seat - cursor set ${x} ${y}`);
      },
      isInFront: async ({ window }) => isFocused(await session.layout(), window.window),
      received: () => receivedBy(entered),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const isFocused = ({ windows }: Layout, window: number): boolean =>
  windows.some(({ id, focused }) => id === window && focused);

const isAt = (one: Rect, other: Rect): boolean =>
  (['x', 'y', 'width', 'height'] as const).every((side) => one[side] === other[side]);

/** Puts an actor's window where it belongs, and gives it with its place on the screen. */
async function placed(session: SwayCompositor, { actor, process }: Entered, screen: Rect): Promise<Actor> {
  const { place, part } = actor;
  const { id } = await eventually(
    `sway does not show the window of ${part.name}`,
    session,
    ({ pid }) => pid === process.pid,
  );
  const commands = ['floating enable', 'border none', `resize set ${place.width} px ${place.height} px`];
  const move = `move absolute position ${place.x} px ${place.y} px`;
  await session.run(`[con_id=${id}] ${[...commands, move].join(', ')}`);
  await eventually(
    `sway does not put the window of ${part.name} into its place`,
    session,
    (own) => own.id === id && isAt(own.content, place),
  );
  return {
    ...actor,
    place: { ...place, x: place.x - screen.x, y: place.y - screen.y },
    window: { window: id },
  };
}

async function focus(session: SwayCompositor, { window: { window }, part }: Actor): Promise<void> {
  await session.run(`[con_id=${window}] focus`);
  await eventually(
    `sway does not bring the window of ${part.name} to the front`,
    session,
    (own) => own.id === window && own.focused,
  );
}

async function eventually(
  otherwise: string,
  session: SwayCompositor,
  isIt: (window: LaidWindow) => boolean,
): Promise<LaidWindow> {
  const start = performance.now();
  for (;;) {
    const { windows } = await session.layout();
    const found = windows.find(isIt);
    if (found !== undefined) return found;
    if (performance.now() - start > PATIENCE_MS) {
      throw new CliError(otherwise, { hint: 'Run: computer-use-mcp drill --private --backend sway' });
    }
    await delay(LOOK_MS);
  }
}
