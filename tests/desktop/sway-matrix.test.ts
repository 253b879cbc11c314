import {
  KINDS,
  SHOWN,
  STANDS,
  TOOL_TABLE,
  TOOL_USES,
  type Kind,
  type Stand,
  type ToolRow,
  type ToolUse,
} from '@deskhand/computer-use-mcp/drill';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { eventually } from '../lab/eventually.ts';
import { startSway, type SwayLab } from '../lab/sway.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import type { WaylandInput } from '../lab/wayland-application.ts';
import { codeOf } from './answers.ts';
import { decodePicture } from './picture.ts';
import {
  bringToFront,
  PLACES,
  ROLES,
  startSwayCast,
  type Cast,
  type Player,
  type Role,
} from './sway-cast.ts';

type Got = Readonly<Partial<Record<Role, WaylandInput>>>;

const NONE: WaylandInput = { clicks: 0, keys: 0, turns: 0, moves: 0 };
const KINDS_OF_INPUT = ['clicks', 'keys', 'turns', 'moves'] as const;

/** Tools that sway gives no ground for. */
const LACKING = new Set([
  ...['read_clipboard', 'write_clipboard'],
  ...['left_click_drag', 'left_mouse_down', 'left_mouse_up', 'hold_key'],
]);

/** The keyboard is always with the one in front. */
const canBeTried = (row: ToolRow, stand: Stand): boolean =>
  !LACKING.has(row.tool) && !(useOf(row).by === 'keyboard' && stand === 'recipient');

const TRIES = TOOL_TABLE.flatMap((row) => STANDS.map((stand) => ({ use: row.use, stand, row }))).filter(
  ({ row, stand }) => canBeTried(row, stand),
);

let lab: SwayLab;
let cast: Cast;
let server: ToolClient;
let attempts = 0;

beforeAll(async () => {
  lab = await startSway({ config: PLACES });
  cast = await startSwayCast(lab);
  server = await connectServer(lab, { onElicit: () => ({ action: 'decline' }) });
  // sway tells the place of the pointer to nobody who has not moved it
  await bringToFront(cast, cast.partner);
  await server.call('mouse_move', { coordinate: [cast.partner.place.x + 5, cast.partner.place.y + 5] });
});
afterAll(() => lab.close());

function useOf({ use }: ToolRow): ToolUse {
  const found = TOOL_USES[use];
  if (found === undefined) throw new Error(`nobody wrote how to try ${use}`);
  return found;
}

function sides(stand: Stand, kind: Kind): { readonly front: Player; readonly target: Player } {
  return stand === 'frontmost'
    ? { front: cast[kind], target: cast.partner }
    : { front: cast.partner, target: cast[kind] };
}

/** Who got something since the last time. */
async function news(): Promise<Got> {
  const all = await Promise.all(ROLES.map(async (role) => [role, await cast[role].news()] as const));
  return Object.fromEntries(all.filter(([, got]) => Object.values(got).some((count) => count > 0)));
}

/** What a use of a tool gives when it is allowed: the keys to one, the rest to the target. */
function expectedOf(row: ToolRow, { front, target }: ReturnType<typeof sides>): Got {
  const { by, input } = useOf(row);
  const count = (event: string, isRight: (detail: number) => boolean) =>
    input.filter(([name, detail]) => name === event && isRight(detail)).length;
  const keys = count('KeyPress', () => true);
  const pointed = {
    clicks: count('ButtonPress', (button) => button <= 3),
    turns: count('ButtonPress', (button) => button > 3),
  };
  const raises = row.tool.endsWith('click') || row.tool === 'computer_batch';
  const typist = by === 'pointer' && raises ? target : front;
  if (by === 'keyboard') return { [front.role]: { clicks: 0, turns: 0, moves: 0, keys } };
  const isTarget = typist === target;
  const toTarget = { ...pointed, keys: isTarget ? keys : 0, moves: 1 };
  return isTarget || keys === 0
    ? { [target.role]: toTarget }
    : { [target.role]: toTarget, [front.role]: { clicks: 0, turns: 0, moves: 0, keys } };
}

/** Coming in and each motion are counted alike, so any number is one. */
const plain = (got: Got): Got =>
  Object.fromEntries(
    Object.entries(got).map(([role, input]) => [role, { ...input, moves: Math.min(1, input.moves) }]),
  );

async function attempt(row: ToolRow, { front, target }: ReturnType<typeof sides>): Promise<ToolAnswer> {
  attempts += 1;
  await bringToFront(cast, front);
  await news();
  return server.call(row.tool, useOf(row).arguments(target, attempts));
}

describe('every tool under sway', () => {
  test.each(TRIES)('$use, with each kind of application as $stand', async ({ row, stand }) => {
    for (const kind of KINDS) {
      const { front, target } = sides(stand, kind);
      const answer = await attempt(row, { front, target });
      const expected = row[stand][kind];
      expect({ kind, outcome: codeOf(answer) }).toEqual({ kind, outcome: expected });
      const made = expected === 'ok' && useOf(row).by !== 'nothing' ? expectedOf(row, { front, target }) : {};
      let got: Got = {};
      await eventually('what it makes', async () => {
        got = merged(got, await news());
        return ROLES.every((role) => hasAll(got[role], made[role]));
      });
      expect({ kind, got: plain(got) }).toEqual({ kind, got: made });
      await checkTold(row, answer, { stand, kind });
    }
  });
});

test.each(TOOL_TABLE.filter(({ tool }) => LACKING.has(tool)))(
  '$use says that it is not to be had, and reaches nobody',
  async (row) => {
    const answer = await attempt(row, sides('frontmost', 'full'));
    expect(codeOf(answer)).toMatch(/^(not_on_this_desktop|clipboard_unavailable)$/);
    expect(await news()).toEqual({});
  },
);

const hasAll = (got: WaylandInput = NONE, made: WaylandInput = NONE): boolean =>
  KINDS_OF_INPUT.every((kind) => got[kind] >= made[kind]);

function merged(one: Got, other: Got): Got {
  const add = (a: WaylandInput | undefined, b: WaylandInput | undefined): WaylandInput => ({
    clicks: (a?.clicks ?? 0) + (b?.clicks ?? 0),
    keys: (a?.keys ?? 0) + (b?.keys ?? 0),
    turns: (a?.turns ?? 0) + (b?.turns ?? 0),
    moves: (a?.moves ?? 0) + (b?.moves ?? 0),
  });
  const roles = ROLES.filter((role) => one[role] !== undefined || other[role] !== undefined);
  return Object.fromEntries(roles.map((role) => [role, add(one[role], other[role])]));
}

async function checkTold(
  { tool, ...row }: ToolRow,
  answer: ToolAnswer,
  { stand, kind }: { readonly stand: Stand; readonly kind: Kind },
): Promise<void> {
  const { front, target } = sides(stand, kind);
  if (tool === 'get_frontmost')
    expect(answer.structured['frontmost']).toMatchObject({ executable: front.executable });
  if (tool === 'list_windows') {
    expect(answer.text.includes(cast[kind].title)).toBe(SHOWN[kind]);
    expect(answer.text).toContain(cast.partner.title);
  }
  if (tool === 'focus_window' || tool === 'open_application') {
    const inFront = row[stand][kind] === 'ok' ? target : front;
    expect({ kind, isFocused: await inFront.app.isFocused() }).toEqual({ kind, isFocused: true });
  }
  if (tool !== 'screenshot') return;
  const picture = await decodePicture(answer);
  const { place } = cast[kind];
  const middle = picture.at(place.x + place.width / 2, place.y + place.height / 2);
  // nothing is shown while another one is in front: its menus could be anywhere
  expect({ kind, isBlack: middle === 0 }).toEqual({ kind, isBlack: !SHOWN[kind] });
}
