import { join } from 'node:path';

import type { Closable } from './belongings.ts';
import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';
import {
  JournalEntry,
  Reply,
  type Command,
  type Copying,
  type Look,
  type Opening,
  type Rect,
} from './fixture/protocol.ts';
import { newLinesOf } from './growing-file.ts';
import { startProcess, type OwnedProcess } from './owned-process.ts';
import { activate, geometryOf, isActive, untilManaged } from './windows.ts';
import { inRepository } from './workspace.ts';

export type { JournalEntry, Look, Opening } from './fixture/protocol.ts';

/** An X client of our own in a process of its own, which does as it is told and writes down what it gets. */
export interface Fixture extends Closable {
  readonly pid: number;
  readonly process: OwnedProcess;
  /** Resolves once it is mapped, and the window manager has seen to it. */
  open(opening: Opening): Promise<FixtureWindow>;
  /** Starts a program below its own process, and gives its process id. */
  run(command: string, ...args: readonly string[]): Promise<number>;
  /** Every event up to now, of all its windows. */
  journal(): Promise<readonly JournalEntry[]>;
  releaseKeyboard(): Promise<void>;
  releasePointer(): Promise<void>;
}

export interface FixtureWindow extends Closable {
  readonly fixture: Fixture;
  readonly pid: number;
  readonly window: number;
  geometry(): Promise<Rect>;
  /** Every event up to now of this window. */
  journal(): Promise<readonly JournalEntry[]>;
  change(look: Look): Promise<void>;
  move(place: Rect): Promise<void>;
  /** Gives a part of the window another colour than it had. */
  paint(part: Rect): Promise<void>;
  /** Does so again and again until told to stop. */
  blink(part: Rect, everyMs: number): Promise<void>;
  stopBlinking(): Promise<void>;
  map(): Promise<void>;
  unmap(): Promise<void>;
  raise(): Promise<void>;
  lower(): Promise<void>;
  destroy(): Promise<void>;
  /** Takes the input focus itself, without the window manager. */
  takeFocus(): Promise<void>;
  /** Gets the focus from the window manager, as when a person switches to it. */
  activate(): Promise<void>;
  waitUntilActive(): Promise<void>;
  /** Gives the protocol's status: 0 for success. */
  grabKeyboard(): Promise<number>;
  grabPointer(): Promise<number>;
  /** Owns the clipboard and answers as told. */
  copy(forms: Copying['forms'], answers?: Copying['answers']): Promise<void>;
  /** What each of the targets gives; `null` when it is refused. */
  paste(...targets: readonly string[]): Promise<readonly (string | null)[]>;
  /** Asks for the clipboard so often without waiting, and gives how many answers came. */
  flood(count: number): Promise<number>;
  /** Asks for the text whenever the clipboard changes hands, as clipboard managers do. */
  watchClipboard(): Promise<void>;
  /** What came of that so far. */
  watched(): Promise<readonly (string | null)[]>;
}

export interface FixtureOptions {
  /** Runs under this executable, made by `asExecutable`. */
  readonly executable?: string;
  /** Connects over TCP, as a client on another machine; the desktop has to listen. */
  readonly tcp?: boolean;
}

type Tell = (command: Command) => Promise<Reply>;

/** A fixture that is stopped answers nothing. */
const ANSWER_MS = 30_000;

interface Asker {
  readonly take: (reply: Reply) => void;
  readonly fail: (why: string) => void;
}

function teller(child: OwnedProcess): Tell {
  const askers = new Map<number, Asker>();
  let lastId = 0;
  child.onLine((line) => {
    const reply = Reply.parse(JSON.parse(line));
    askers.get(reply.id)?.take(reply);
  });
  const ended = () => `ended: ${child.stderr()}`;
  void child.exited.then(() => askers.forEach(({ fail }) => fail(ended())));
  const ask = (id: number, command: Command): Promise<Reply> =>
    new Promise((take, reject) => {
      const fail = (why: string) => reject(new Error(`the fixture that was to ${command.do} ${why}`));
      const patience = setTimeout(() => fail(`did not answer in ${ANSWER_MS} ms`), ANSWER_MS);
      const done = () => {
        clearTimeout(patience);
        askers.delete(id);
      };
      askers.set(id, {
        take: (reply) => {
          done();
          take(reply);
        },
        fail: (why) => {
          done();
          fail(why);
        },
      });
      child.stdin.write(JSON.stringify({ id, command }) + '\n');
      if (!child.isRunning()) askers.get(id)?.fail(ended());
    });
  return async (command) => {
    const reply = await ask((lastId += 1), command);
    if (reply.error !== undefined) throw new Error(`the fixture could not ${command.do}: ${reply.error}`);
    return reply;
  };
}

function windowOf(desktop: Desktop, fixture: Fixture, tell: Tell, window: number): FixtureWindow {
  const { x } = desktop;
  const order = (what: 'map' | 'unmap' | 'raise' | 'lower' | 'destroy') => async () => {
    await tell({ do: what, window });
    await untilManaged(x);
  };
  const grab = (what: 'grab-keyboard' | 'grab-pointer') => async () => {
    const { status = -1 } = await tell({ do: what, window });
    return status;
  };
  return {
    fixture,
    pid: fixture.pid,
    window,
    geometry: () => geometryOf(x, window),
    journal: async () => (await fixture.journal()).filter((entry) => entry.window === window),
    change: async (look) => {
      await tell({ do: 'change', window, look });
    },
    move: async (place) => {
      await tell({ do: 'move', window, place });
      await untilManaged(x);
    },
    paint: async (part) => {
      await tell({ do: 'paint', window, part });
    },
    blink: async (part, everyMs) => {
      await tell({ do: 'blink', window, part, everyMs });
    },
    stopBlinking: async () => {
      await tell({ do: 'stop-blinking', window });
    },
    map: order('map'),
    unmap: order('unmap'),
    raise: order('raise'),
    lower: order('lower'),
    destroy: order('destroy'),
    takeFocus: async () => {
      await tell({ do: 'focus', window });
    },
    activate: () => activate(x, window),
    waitUntilActive: async () => {
      await eventually('the fixture to be active', () => isActive(x, window));
    },
    grabKeyboard: grab('grab-keyboard'),
    grabPointer: grab('grab-pointer'),
    copy: async (forms, answers = 'whole') => {
      await tell({ do: 'copy', window, copying: { forms, answers } });
    },
    paste: async (...targets) => (await tell({ do: 'paste', window, targets: [...targets] })).pasted ?? [],
    flood: async (count) => (await tell({ do: 'flood', window, count })).status ?? 0,
    watchClipboard: async () => {
      await tell({ do: 'watch-clipboard', window });
    },
    watched: async () => (await tell({ do: 'watched' })).pasted ?? [],
    close: () => fixture.close(),
  };
}

/** All entries of a journal so far; each is read once. */
function journalIn(file: string): () => Promise<readonly JournalEntry[]> {
  const newLines = newLinesOf(file);
  const entries: JournalEntry[] = [];
  return async () => {
    for (const line of await newLines()) entries.push(JournalEntry.parse(JSON.parse(line)));
    return [...entries];
  };
}

export function startFixture(desktop: Desktop, options: FixtureOptions = {}): Fixture {
  const { executable = process.execPath, tcp = false } = options;
  const file = join(desktop.folder, `journal-${performance.now()}.jsonl`);
  const child = desktop.own(
    startProcess({
      command: executable,
      args: [inRepository('tests', 'dist', 'lab', 'fixture', 'main.js')],
      env: {
        ...desktop.env,
        DISPLAY: tcp ? `127.0.0.1${desktop.display}` : desktop.display,
        LAB_COOKIE: desktop.cookie.toString('hex'),
        LAB_JOURNAL: file,
      },
      cwd: desktop.folder,
    }),
  );
  const tell = teller(child);
  const entries = journalIn(file);
  const order = (what: 'ungrab-keyboard' | 'ungrab-pointer') => async () => {
    await tell({ do: what });
  };
  const fixture: Fixture = {
    pid: child.pid,
    process: child,
    open: async (opening) => {
      const { window = 0 } = await tell({ do: 'open', opening });
      await untilManaged(desktop.x);
      return windowOf(desktop, fixture, tell, window);
    },
    run: async (command, ...args) => {
      const { pid = 0 } = await tell({ do: 'run', command, args: [...args] });
      return pid;
    },
    journal: async () => {
      if (child.isRunning()) await tell({ do: 'sync' });
      return entries();
    },
    releaseKeyboard: order('ungrab-keyboard'),
    releasePointer: order('ungrab-pointer'),
    close: () => child.close(),
  };
  return fixture;
}

/** Starts a fixture for one window; closing the window ends the process. */
export async function openFixtureWindow(
  desktop: Desktop,
  opening: Opening,
  options: FixtureOptions = {},
): Promise<FixtureWindow> {
  return startFixture(desktop, options).open(opening);
}
