import { setTimeout as delay } from 'node:timers/promises';
import type { JournalEntry } from '../lab/fixture-window.ts';
import { ACTIONS, MIDDLE, type FuzzAction } from './actions.ts';
import type { Arena } from './arena.ts';
import { DISTURBANCES, arm, type Disturbance } from './disturbance.ts';
import { pick } from './random.ts';

export type ActionName = keyof typeof ACTIONS;

const NAMES = [
  'type',
  'left_click',
  'scroll',
  'left_click_drag',
  'hold_key',
  'computer_batch',
  'write_clipboard',
] as const satisfies readonly ActionName[];

/** Share of runs left alone, besides those that draw no disturbance. */
const QUIET_SHARE = 0.2;
/** Disturbances come this late at most, in milliseconds. */
const LATEST_MS = 400;
const LEFT_BIT = 0x100;

/** What one run came to, by what the two programs wrote down themselves. */
export interface RunResult {
  readonly action: ActionName;
  readonly disturbance: Disturbance;
  /** What the program nobody allowed received: keys, buttons, the way of a drag, and text that was copied. */
  readonly leaked: number;
  /** Presses that the editor received, or texts that it pasted, and what the server said of it. */
  readonly received: number;
  readonly claimed: number;
  /** The whole action was carried out. */
  readonly completed: boolean;
  readonly answer: string;
}

/** A held key goes up to whoever has grabbed the keyboard meanwhile, which types nothing. */
const isInput = ({ event, state }: JournalEntry): boolean =>
  /^(KeyPress|Button)/.test(event) || (event === 'MotionNotify' && (state & LEFT_BIT) !== 0);

/** One run: an action, a disturbance at a random moment of it, and the count of what arrived where. */
export async function runOnce(arena: Arena, random: () => number): Promise<RunResult> {
  const action = pick(random, NAMES);
  const { run, received }: FuzzAction = ACTIONS[action];
  const disturbance = random() < QUIET_SHARE ? 'none' : pick(random, DISTURBANCES);
  const editor = await arena.editor();
  // an unmanaged thief that is gone leaves the focus nowhere, without some window managers noticing
  await editor.takeFocus();
  await editor.activate();
  const armed = await arm(disturbance, arena.thief, editor);
  await editor.takeFocus();
  await editor.activate();
  await arena.server.call('mouse_move', { coordinate: MIDDLE });
  const journals = () => Promise.all([arena.thief.journal(), editor.fixture.journal()]);
  const before = await journals();
  const striking = delay(random() * LATEST_MS).then(() => armed.strike());
  const { pasted, ...outcome } = await run(arena, editor, random);
  // a window that exits or is refused by the window manager is part of the game
  await striking.catch(() => undefined);
  const [thief, own] = await journals();
  await armed.undo();
  return {
    action,
    disturbance,
    leaked: thief.slice(before[0].length).filter(isInput).length + (pasted?.leaked ?? 0),
    received: pasted?.received ?? received(own.slice(before[1].length)),
    ...outcome,
  };
}
