import { KINDS } from '@deskhand/computer-use-mcp/drill';

import type { Desktop } from '../lab/desktop.ts';
import { startFixture, type FixtureWindow, type JournalEntry } from '../lab/fixture-window.ts';
import type { Rect } from '../lab/windows.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

/** Who plays: one application of each kind, and a granted one of tier full that all of them are paired with. */
const EXECUTABLES = {
  read: 'firefox-esr',
  click: 'xterm',
  full: 'myeditor',
  ungranted: 'stranger',
  denied: 'unwanted',
  none: 'keepassxc',
  partner: 'partner',
} as const;

type Role = keyof typeof EXECUTABLES;

const ROLES: readonly Role[] = [...KINDS, 'partner'];

const COLOURS: Readonly<Record<Role, number>> = {
  read: 0xd01010,
  click: 0x10d010,
  full: 0x1010d0,
  ungranted: 0xd0d010,
  denied: 0x10d0d0,
  none: 0xd010d0,
  partner: 0xd08010,
};

const FLAGS = { clipboardRead: true, clipboardWrite: true };

const INPUT = new Set(['KeyPress', 'KeyRelease', 'ButtonPress', 'ButtonRelease', 'MotionNotify']);

/** One application of the play, in a process of its own. */
export interface Player {
  readonly role: Role;
  readonly executable: string;
  readonly title: string;
  readonly colour: number;
  readonly place: Rect;
  /** An ordinary window. */
  readonly window: FixtureWindow;
  /** A window without the window manager, that can hold the focus while another one is in front. */
  readonly popup: FixtureWindow;
  /** The input that it got since the last time it was asked. */
  news(): Promise<readonly JournalEntry[]>;
}

export type Cast = Readonly<Record<Role, Player>>;

const WIDTH = 240;
const HEIGHT = 180;

function placeOf(index: number): Rect {
  return { x: 40 + 300 * (index % 4), y: 60 + 360 * Math.floor(index / 4), width: WIDTH, height: HEIGHT };
}

async function enter(desktop: Desktop, role: Role, executable: string): Promise<Player> {
  const fixture = startFixture(desktop, { executable });
  const place = placeOf(ROLES.indexOf(role));
  const title = `title of ${role}`;
  const window = await fixture.open({ place, title, fill: COLOURS[role] });
  const popup = await fixture.open({
    place: { x: place.x, y: place.y + HEIGHT + 40, width: 60, height: 60 },
    overrideRedirect: true,
  });
  let seen = 0;
  return {
    role,
    executable,
    title,
    colour: COLOURS[role],
    place,
    window,
    popup,
    news: async () => {
      const journal = (await fixture.journal()).filter(({ event }) => INPUT.has(event));
      const news = journal.slice(seen);
      seen = journal.length;
      return news;
    },
  };
}

/** Opens everybody's windows, none above another, and writes down what the person allowed. */
export async function startCast(desktop: Desktop): Promise<Cast> {
  const executables = await makeExecutables(desktop, Object.values(EXECUTABLES));
  const pathOf = (role: Role) => executables[EXECUTABLES[role]];
  writeGrants(desktop, [
    ...(['read', 'click', 'full', 'partner'] as const).map((role) => rowFor(pathOf(role), { flags: FLAGS })),
    // an approval that should not be there: nothing lifts what is protected
    rowFor(pathOf('none')),
    rowFor(pathOf('denied')),
    rowFor(pathOf('denied'), { decision: 'deny' }),
  ]);
  const all = await Promise.all(
    ROLES.map(async (role) => [role, await enter(desktop, role, pathOf(role))] as const),
  );
  const cast: Partial<Record<Role, Player>> = Object.fromEntries(all);
  if (!isComplete(cast)) throw new Error('somebody is missing');
  return cast;
}

const isComplete = (cast: Partial<Record<Role, Player>>): cast is Record<Role, Player> =>
  ROLES.every((role) => cast[role] !== undefined);

/** Puts a player in front, also when a popup took the focus behind the window manager's back. */
export async function bringToFront({ window }: Player): Promise<void> {
  await window.takeFocus();
  await window.activate();
}
