import type { FixtureWindow, JournalEntry } from '../lab/fixture-window.ts';
import type { ToolAnswer } from '../lab/tool-client.ts';
import { TARGET_PLACE, type Arena } from './arena.ts';

/** Letters of the first level only, so that one character is one key press. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789 ';
const TEXT_LENGTH = 800;
const CLICKS = 12;
const SCROLLS = 8;
const NOTCHES = 5;
const DRAGS = 2;
const CORNERS = 12;
const COPIES = 24;
const HOLD_S = 0.6;
const SECRET = 'only for the editor';

const { x, y, width, height } = TARGET_PLACE;
export const MIDDLE = [x + width / 2, y + height / 2];

/** What an action came to. */
export interface Outcome {
  /** What reached the editor, as the server says it. */
  readonly claimed: number;
  /** The whole action was carried out. */
  readonly completed: boolean;
  readonly answer: string;
  /** What came to the two programs on another way than as events. */
  readonly pasted?: { readonly received: number; readonly leaked: number };
}

export interface FuzzAction {
  readonly run: (arena: Arena, editor: FixtureWindow, random: () => number) => Promise<Outcome>;
  /** How often it reached the editor, by what the editor wrote down. */
  readonly received: (journal: readonly JournalEntry[]) => number;
}

const countOf =
  (...events: readonly string[]) =>
  (journal: readonly JournalEntry[]): number =>
    journal.filter(({ event }) => events.includes(event)).length;

const presses = countOf('KeyPress', 'ButtonPress');

const randomText = (random: () => number, length: number): string =>
  Array.from({ length }, () => LETTERS.charAt(Math.floor(random() * LETTERS.length))).join('');

/** A point that is well inside the editor. */
const somewhere = (random: () => number): readonly number[] => [
  Math.round(x + width * (0.1 + 0.8 * random())),
  Math.round(y + height * (0.1 + 0.8 * random())),
];

/** As many characters as an answer says, in whole or in part. */
function typedIn({ isError, structured, text }: ToolAnswer, whole: number): number {
  const { typed } = structured;
  if (typeof typed === 'number') return typed;
  return isError ? Number(/Stopped after (\d+)/.exec(text)?.[1] ?? 0) : whole;
}

/** The same call again and again, each of which is worth so many presses. */
async function repeated(
  times: number,
  worth: (answer: ToolAnswer) => number,
  call: (index: number) => Promise<ToolAnswer>,
): Promise<Outcome> {
  const answers: ToolAnswer[] = [];
  for (let index = 0; index < times; index++) answers.push(await call(index));
  const refused = answers.find(({ isError }) => isError);
  return {
    claimed: answers.reduce((sum, answer) => sum + worth(answer), 0),
    completed: refused === undefined,
    answer: (refused ?? answers.at(-1))?.text ?? '',
  };
}

const orNothing =
  (worth: number) =>
  ({ isError }: ToolAnswer): number =>
    isError ? 0 : worth;

const codeIn = ({ structured }: ToolAnswer): unknown => {
  const { error } = structured;
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
};

/** A drag that was stopped on its way was pressed, and one that was refused was not. */
const pressedBy = (answer: ToolAnswer): number =>
  !answer.isError || codeIn(answer) === 'drag_stopped' ? 1 : 0;

/** A batch of all that acts, and what each step is worth. */
function mixedBatch(random: () => number) {
  const text = randomText(random, 60);
  return [
    { worth: 1, step: { action: 'left_click', coordinate: somewhere(random) } },
    { worth: text.length, step: { action: 'type', text } },
    { worth: 0, step: { action: 'mouse_move', coordinate: somewhere(random) } },
    { worth: 1, step: { action: 'left_mouse_down' } },
    { worth: 0, step: { action: 'mouse_move', coordinate: somewhere(random) } },
    { worth: 0, step: { action: 'left_mouse_up' } },
    {
      worth: NOTCHES,
      step: {
        action: 'scroll',
        coordinate: somewhere(random),
        scroll_direction: 'down',
        scroll_amount: NOTCHES,
      },
    },
    {
      worth: 1,
      step: {
        action: 'left_click_drag',
        start_coordinate: somewhere(random),
        coordinate: somewhere(random),
      },
    },
    { worth: 0, step: { action: 'write_clipboard', text } },
    { worth: 1, step: { action: 'key', text: 'Return' } },
  ];
}

export const ACTIONS = {
  type: {
    run: async ({ server }, _editor, random) => {
      const answer = await server.call('type', { text: randomText(random, TEXT_LENGTH) });
      return { claimed: typedIn(answer, TEXT_LENGTH), completed: !answer.isError, answer: answer.text };
    },
    received: countOf('KeyPress'),
  },
  left_click: {
    run: ({ server }) =>
      repeated(CLICKS, orNothing(1), () => server.call('left_click', { coordinate: MIDDLE })),
    received: countOf('ButtonPress'),
  },
  scroll: {
    run: ({ server }, _editor, random) =>
      repeated(SCROLLS, orNothing(NOTCHES), () =>
        server.call('scroll', {
          coordinate: somewhere(random),
          scroll_direction: 'up',
          scroll_amount: NOTCHES,
        }),
      ),
    received: countOf('ButtonPress'),
  },
  left_click_drag: {
    run: ({ server }, _editor, random) =>
      repeated(DRAGS, pressedBy, () =>
        server.call('left_click_drag', { path: Array.from({ length: CORNERS }, () => somewhere(random)) }),
      ),
    received: countOf('ButtonPress'),
  },
  hold_key: {
    run: async ({ server }) => {
      const answer = await server.call('hold_key', { text: 'a', duration: HOLD_S });
      const wasHeld = !answer.isError || codeIn(answer) === 'focus_lost';
      return { claimed: wasHeld ? 1 : 0, completed: !answer.isError, answer: answer.text };
    },
    // it repeats
    received: (journal) => Math.min(1, presses(journal)),
  },
  computer_batch: {
    run: async ({ server }, _editor, random) => {
      const steps = mixedBatch(random);
      const answer = await server.call('computer_batch', { actions: steps.map(({ step }) => step) });
      const { completed = 0 } = answer.structured;
      const done = steps.slice(0, Number(completed));
      const lines = answer.text.split('\n');
      const stopped = lines.find((line) => line.startsWith(`${done.length + 1}. `)) ?? answer.text;
      const partly = Number(/Stopped after (\d+)/.exec(stopped)?.[1] ?? 0);
      const wasDrag = steps[done.length]?.step.action === 'left_click_drag';
      return {
        claimed:
          done.reduce((sum, { worth }) => sum + worth, 0) +
          partly +
          (wasDrag && stopped.includes('drag_stopped') ? 1 : 0),
        completed: done.length === steps.length,
        answer: answer.text,
      };
    },
    received: presses,
  },
  write_clipboard: {
    run: async ({ server, spy }, editor, random) => {
      // what an earlier run wrote is still offered
      const secret = `${SECRET} ${randomText(random, 12)}`;
      const pastes: (string | null)[] = [];
      const before = (await spy.watched()).length;
      let received = 0;
      const outcome = await repeated(COPIES, orNothing(1), async (index) => {
        const text = `${secret} ${index}`;
        const answer = await server.call('write_clipboard', { text });
        // an editor that exited pastes nothing
        const [pasted] = await editor.paste('UTF8_STRING').catch(() => [null]);
        if (pasted === text) received += 1;
        pastes.push(...(await spy.paste('UTF8_STRING', 'STRING')));
        return answer;
      });
      pastes.push(...(await spy.watched()).slice(before));
      const leaked = pastes.filter((text) => text?.includes(SECRET) === true).length;
      return { ...outcome, pasted: { received, leaked } };
    },
    received: () => 0,
  },
} as const satisfies Readonly<Record<string, FuzzAction>>;
