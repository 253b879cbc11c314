import { KINDS, type Kind } from '@deskhand/computer-use-mcp/drill';

import { eventually } from '../lab/eventually.ts';
import type { SwayLab } from '../lab/sway.ts';
import { openTextOnSway, type WaylandApplication, type WaylandInput } from '../lab/wayland-application.ts';
import type { Rect } from '../lab/windows.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const EXECUTABLES = {
  read: 'firefox-esr',
  click: 'xterm',
  full: 'myeditor',
  ungranted: 'stranger',
  denied: 'unwanted',
  none: 'keepassxc',
  partner: 'partner',
} as const;

export type Role = Kind | 'partner';

export const ROLES: readonly Role[] = [...KINDS, 'partner'];

/** One application of the play. */
export interface Player {
  readonly role: Role;
  readonly executable: string;
  readonly title: string;
  /** Its text. */
  readonly place: Rect;
  /** Sway's number, as the tools take it. */
  readonly window: { readonly window: number };
  readonly app: WaylandApplication;
  /** What it got since the last time it was asked. */
  news(): Promise<WaylandInput>;
}

export type Cast = Readonly<Record<Role, Player>>;

const COLUMNS = 4;
const CELL = { width: 315, height: 390 };
/** The row of buttons at the bottom, which end the dialog. */
const BUTTONS = 80;
const INSIDE = { width: 280, height: 300 };

const titleOf = (role: Role): string => `title of ${role}`;

function placeOf(role: Role): Rect {
  const index = ROLES.indexOf(role);
  const [x, y] = [10 + CELL.width * (index % COLUMNS), 10 + CELL.height * Math.floor(index / COLUMNS)];
  return { x, y, ...INSIDE };
}

/** Lines for sway's configuration that put everybody in their places. */
export const PLACES: readonly string[] = ROLES.map((role) => {
  const { x, y, width, height } = placeOf(role);
  const commands = ['floating enable', 'border none', `resize set ${width} ${height}`];
  return `for_window [title="^${titleOf(role)}$"] ${[...commands, `move absolute position ${x} ${y}`].join(', ')}`;
});

async function enter(lab: SwayLab, role: Role): Promise<Player> {
  const title = titleOf(role);
  const { executable, app } = await openTextOnSway(lab, EXECUTABLES[role], title);
  const place = await eventually(`${role} to be in its place`, async () => {
    const now = await app.place();
    const isThere = now.x === placeOf(role).x && now.width === INSIDE.width;
    return isThere ? { ...now, height: now.height - BUTTONS } : undefined;
  });
  let seen: WaylandInput = { clicks: 0, keys: 0, turns: 0, moves: 0 };
  return {
    role,
    executable,
    title,
    place,
    app,
    window: { window: app.window },
    news: async () => {
      const [before, now] = [seen, await app.received()];
      seen = now;
      return {
        clicks: now.clicks - before.clicks,
        keys: now.keys - before.keys,
        turns: now.turns - before.turns,
        moves: now.moves - before.moves,
      };
    },
  };
}

/** Opens everybody's windows, none above another, and writes down what the person allowed. */
export async function startSwayCast(lab: SwayLab): Promise<Cast> {
  const cast: Partial<Record<Role, Player>> = {};
  for (const role of ROLES) cast[role] = await enter(lab, role);
  if (!isComplete(cast)) throw new Error('somebody is missing');
  const whole = cast;
  const row = (role: Role, more: Parameters<typeof rowFor>[1] = {}) => rowFor(whole[role].executable, more);
  writeGrants(lab, [
    ...(['read', 'click', 'full', 'partner'] as const).map((role) => row(role)),
    // an approval that should not be there: nothing lifts what is protected
    row('none'),
    row('denied'),
    row('denied', { decision: 'deny' }),
  ]);
  return cast;
}

const isComplete = (cast: Partial<Record<Role, Player>>): cast is Record<Role, Player> =>
  ROLES.every((role) => cast[role] !== undefined);

/** Puts a player in front, and closes the menus of all the others and of itself by that. */
export async function bringToFront(cast: Cast, player: Player): Promise<void> {
  const other = player.role === 'partner' ? cast.full : cast.partner;
  await other.app.focus();
  await player.app.focus();
}
