import { setTimeout as delay } from 'node:timers/promises';
import type { FixtureWindow, JournalEntry } from '../lab/fixture-window.ts';
import type { ToolAnswer, ToolClient } from '../lab/tool-client.ts';
import { TARGET_PLACE, type Arena } from './arena.ts';
import { DISTURBANCES, arm, type Disturbance } from './disturbance.ts';
import { pick } from './random.ts';

/** Letters of the first level only, so that one character is one key press. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789 ';
const TEXT_LENGTH = 800;
const CLICKS = 24;
/** Share of runs left alone, besides those that draw no disturbance. */
const QUIET_SHARE = 0.2;
/** Disturbances come this late at most, in milliseconds. */
const LATEST_MS = 200;

const MIDDLE = [TARGET_PLACE.x + TARGET_PLACE.width / 2, TARGET_PLACE.y + TARGET_PLACE.height / 2];

/** What one run came to, by what the two programs wrote down themselves. */
export interface RunResult {
  readonly action: 'type' | 'left_click';
  readonly disturbance: Disturbance;
  /** Key and button presses that the program nobody allowed received. */
  readonly leaked: number;
  /** Presses that the editor received, and what the server said of it. */
  readonly received: number;
  readonly claimed: number;
  /** The whole action was carried out. */
  readonly completed: boolean;
  readonly answer: string;
}

const presses = (journal: readonly JournalEntry[], event: 'KeyPress' | 'ButtonPress'): number =>
  journal.filter((entry) => entry.event === event).length;

const presented = (journal: readonly JournalEntry[]): number =>
  presses(journal, 'KeyPress') + presses(journal, 'ButtonPress');

/** One run: an action, a disturbance at a random moment of it, and the count of what arrived where. */
export async function runOnce(arena: Arena, random: () => number): Promise<RunResult> {
  const action = pick<RunResult['action']>(random, ['type', 'left_click']);
  const disturbance = random() < QUIET_SHARE ? 'none' : pick(random, DISTURBANCES);
  const editor = await arena.editor();
  // an unmanaged thief that is gone leaves the focus nowhere, without some window managers noticing
  await editor.takeFocus();
  await editor.activate();
  const armed = await arm(disturbance, arena.thief, editor);
  await editor.takeFocus();
  await editor.activate();
  const before = await counts(arena, editor);
  const event = action === 'type' ? 'KeyPress' : 'ButtonPress';
  await arena.server.call('mouse_move', { coordinate: MIDDLE });
  const striking = delay(random() * LATEST_MS).then(() => armed.strike());
  const outcome = action === 'type' ? await type(arena.server, random) : await click(arena.server);
  // a window that exits or is refused by the window manager is part of the game
  await striking.catch(() => undefined);
  const after = await counts(arena, editor);
  await armed.undo();
  return {
    action,
    disturbance,
    leaked: after.thief - before.thief,
    received: after.editor[event] - before.editor[event],
    ...outcome,
  };
}

async function counts(arena: Arena, editor: FixtureWindow) {
  const [thief, own] = await Promise.all([arena.thief.journal(), editor.fixture.journal()]);
  return {
    thief: presented(thief),
    editor: { KeyPress: presses(own, 'KeyPress'), ButtonPress: presses(own, 'ButtonPress') },
  };
}

type Outcome = Pick<RunResult, 'claimed' | 'completed' | 'answer'>;

async function type(server: ToolClient, random: () => number): Promise<Outcome> {
  const letter = () => LETTERS.charAt(Math.floor(random() * LETTERS.length));
  const text = Array.from({ length: TEXT_LENGTH }, letter).join('');
  const answer = await server.call('type', { text });
  const typed = answer.structured['typed'];
  return {
    claimed: typeof typed === 'number' ? typed : 0,
    completed: !answer.isError,
    answer: answer.text,
  };
}

async function click(server: ToolClient): Promise<Outcome> {
  const answers: ToolAnswer[] = [];
  for (let i = 0; i < CLICKS; i++) answers.push(await server.call('left_click', { coordinate: MIDDLE }));
  const refused = answers.find(({ isError }) => isError);
  return {
    claimed: answers.filter(({ isError }) => !isError).length,
    completed: refused === undefined,
    answer: (refused ?? answers.at(-1))?.text ?? '',
  };
}
