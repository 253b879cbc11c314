import { CliError } from '@deskhand/server-runtime';
import type { Rect } from '../core/geometry.ts';
import { startActor, type ActorProcess } from './actor-process.ts';
import type { Appearance } from './actor-protocol.ts';
import { FURTHER_PARTS, type Part } from './cast.ts';
import type { Actor, Received } from './stage.ts';

/** Room for each actor: its window, a smaller one beside it, and what the window manager puts around. */
const CELL = { width: 250, height: 155 };
const WINDOW = { width: 180, height: 110 };
const MARGIN = { left: 20, top: 45 };
/** Colours far apart from each other and from black. */
const BRIGHT = [0xe0, 0x90, 0x50];

/** An actor that has not been seen on the screen yet. */
export interface Entered {
  readonly actor: Omit<Actor, 'window'>;
  readonly process: ActorProcess;
}

/** Who plays on a stage. */
export interface Ensemble {
  readonly parts: readonly Part[];
  readonly executables: ReadonlyMap<Part, string>;
  /** What an actor's process runs. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** They tell of elements on the accessibility bus, which has to run. */
  readonly haveTrees?: boolean;
}

interface Entering extends Ensemble {
  readonly on: Pick<Appearance, 'windowSystem' | 'display'>;
  /** Where there is room for windows. */
  readonly room: Rect;
  /** What becomes of the place of a part. */
  readonly fit?: (place: Rect, part: Part) => Rect;
}

/** Starts everybody, none above another; when one of them does not come in, none stays. */
export async function enterAll(options: Entering): Promise<readonly Entered[]> {
  const { parts, executables, script, env, on, room, fit, haveTrees = false } = options;
  const entering = parts.map(async (part, index): Promise<Entered> => {
    const given = placeOf(index, parts.length, room);
    const place = fit === undefined ? given : fit(given, part);
    const executable = executables.get(part) ?? '';
    const title = `drill: ${part.name}`;
    const colour = colourOf(index);
    // the tools for elements are tried on these alone
    const hasTree = haveTrees && !FURTHER_PARTS.includes(part);
    const look = { ...on, title, hasTree, colour, place };
    const process = await startActor({ part, executable, script, look, env });
    return { actor: { part, executable, title, colour, place }, process };
  });
  const settled = await Promise.allSettled(entering);
  const entered = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed === undefined) return entered;
  await closeAll(entered);
  throw failed.reason;
}

/** What each got since the last time. */
export const receivedBy = (entered: readonly Entered[]): Promise<readonly Received[]> =>
  Promise.all(entered.map(({ process }) => process.tell('count')));

export async function closeAll(entered: readonly Entered[]): Promise<void> {
  await Promise.all(entered.map(({ process }) => process.close()));
}

/** A colour of its own for each actor. */
function colourOf(index: number): number {
  const at = (power: number): number => BRIGHT[Math.floor(index / power) % BRIGHT.length] ?? 0;
  return (at(1) << 16) | (at(3) << 8) | at(9);
}

function placeOf(index: number, count: number, room: Rect): Rect {
  const columns = Math.floor((room.width - MARGIN.left) / CELL.width);
  const rows = Math.floor((room.height - MARGIN.top) / CELL.height);
  if (columns * rows < count) {
    throw new CliError(
      `the screen of ${room.width} x ${room.height} pixels has no room for ${count} windows beside each other`,
      { hint: 'Run: computer-use-mcp drill --private' },
    );
  }
  const column = index % columns;
  const row = Math.floor(index / columns);
  return {
    x: room.x + MARGIN.left + column * CELL.width,
    y: room.y + MARGIN.top + row * CELL.height,
    ...WINDOW,
  };
}
