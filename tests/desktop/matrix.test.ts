import {
  CELLS,
  ELEMENT_TOOL_TABLE,
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

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolAnswer, type ToolClient } from '../lab/tool-client.ts';
import { isActive } from '../lab/windows.ts';
import { xdotool } from '../lab/xdotool.ts';
import { bringToFront, startCast, type Cast, type Player } from './cast.ts';
import { codeOf } from './answers.ts';
import { decodePicture } from './picture.ts';

/** What one try did, as everybody but the server saw it. */
interface Effect {
  readonly outcome: string;
  /** All input that entered the X server. */
  readonly input: readonly (readonly [string, number])[];
  /** Who got input by the pointer, and who by the keyboard. */
  readonly pointed: readonly string[];
  readonly typed: readonly string[];
  readonly tier: unknown;
}

const TIERS: Readonly<Record<Kind, string>> = {
  read: 'read',
  click: 'click',
  full: 'full',
  ungranted: 'none',
  denied: 'none',
  none: 'none',
};

let desktop: Desktop;
let sentinel: Sentinel;
let cast: Cast;
let server: ToolClient;
let attempts = 0;
let right = 0;

// icewm is the one that goes on naming a window as active when another one took the focus.
beforeAll(async () => {
  desktop = await startDesktop({ wm: 'icewm' });
  sentinel = await startSentinel(desktop);
  cast = await startCast(desktop);
  server = await connectServer(desktop, { onElicit: () => ({ action: 'decline' }) });
});
afterAll(async () => {
  console.log(
    `${right} of ${CELLS} cells right: ${TOOL_TABLE.length} uses x ${STANDS.join(', ')} x ${KINDS.join(', ')}`,
  );
  await desktop.close();
});

const useOf = ({ use }: ToolRow): ToolUse => {
  const found = TOOL_USES[use];
  if (found === undefined) throw new Error(`nobody wrote how to try ${use}`);
  return found;
};

const cellOf = (tool: string, stand: Stand, kind: Kind): string =>
  TOOL_TABLE.find((row) => row.tool === tool)?.[stand][kind] ?? 'no such row';

/** The one in front, and the one that the action aims at: one of them is of the kind, the other is the partner. */
function sides(stand: Stand, kind: Kind): { readonly front: Player; readonly target: Player } {
  return stand === 'frontmost'
    ? { front: cast[kind], target: cast.partner }
    : { front: cast.partner, target: cast[kind] };
}

async function news(): Promise<readonly (readonly [Player, readonly string[]])[]> {
  return Promise.all(
    Object.values(cast).map(
      async (player: Player) => [player, (await player.news()).map(({ event }) => event)] as const,
    ),
  );
}

async function attempt(row: ToolRow, { front, target }: ReturnType<typeof sides>): Promise<ToolAnswer> {
  const use = useOf(row);
  attempts += 1;
  await bringToFront(front);
  if (use.by === 'keyboard') await target.popup.takeFocus();
  await news();
  await sentinel.forget();
  return server.call(row.tool, use.arguments(target, attempts));
}

async function effectOf(answer: ToolAnswer): Promise<Effect> {
  const input = (await sentinel.events()).map(({ event, detail }) => [event, detail] as const);
  const got = await news();
  const whoGot = (kind: RegExp) =>
    got.flatMap(([{ role }, events]) => (events.some((event) => kind.test(event)) ? [role] : []));
  return {
    outcome: codeOf(answer),
    input,
    pointed: whoGot(/^(Button|Motion)/),
    typed: whoGot(/^Key/),
    tier: answer.structured['tier'],
  };
}

function expectedEffect(row: ToolRow, stand: Stand, kind: Kind): Effect {
  const { by, input } = useOf(row);
  const { front, target } = sides(stand, kind);
  const outcome = row[stand][kind];
  const made = outcome === 'ok' ? input : [];
  const raises = /click(_drag)?$|^computer_batch$/.test(row.tool);
  const typist = by === 'keyboard' || raises ? target : front;
  return {
    outcome,
    input: made,
    pointed: made.some(([event]) => !event.startsWith('Key')) ? [target.role] : [],
    typed: made.some(([event]) => event.startsWith('Key')) ? [typist.role] : [],
    // a click that raises its target is made when the partner itself is in front
    tier: raises && outcome === 'ok' && stand === 'frontmost' ? TIERS.full : TIERS[kind],
  };
}

describe('the tools that aim at an application', () => {
  const aiming = TOOL_TABLE.filter((row) => ['pointer', 'keyboard'].includes(useOf(row).by));
  test.each(aiming.flatMap((row) => STANDS.map((stand) => ({ use: row.use, stand, row }))))(
    '$use reaches whom it may, with each kind of application as $stand',
    async ({ row, stand }) => {
      for (const kind of KINDS) {
        const effect = await effectOf(await attempt(row, sides(stand, kind)));
        expect({ kind, ...effect }).toEqual({ kind, ...expectedEffect(row, stand, kind) });
        right += 1;
      }
    },
  );
});

describe('the tools that hold a button', () => {
  const pointAt = async ({ place }: Player): Promise<void> => {
    await xdotool(desktop, 'mousemove', String(place.x + 100), String(place.y + 100));
  };
  const whoGotButtons = async () =>
    (await news()).flatMap(([{ role }, events]) =>
      events.some((event) => event.startsWith('Button')) ? [role] : [],
    );

  test.each(STANDS)('left_mouse_down presses where it may, with each kind as %s', async (stand) => {
    for (const kind of KINDS) {
      const { front, target } = sides(stand, kind);
      await bringToFront(front);
      await pointAt(target);
      await news();
      const outcome = codeOf(await server.call('left_mouse_down'));
      const expected = cellOf('left_mouse_down', stand, kind);
      const pressed = expected === 'ok' ? [target.role] : [];
      expect({ kind, outcome, got: await whoGotButtons() }).toEqual({
        kind,
        outcome: expected,
        got: pressed,
      });
      if (outcome === 'ok') expect(codeOf(await server.call('left_mouse_up'))).toBe('ok');
      right += 1;
    }
  });

  test.each(STANDS)('left_mouse_up lets go where it may, with each kind as %s', async (stand) => {
    for (const kind of KINDS) {
      const { front, target } = sides(stand, kind);
      await bringToFront(cast.partner);
      await pointAt(cast.partner);
      expect(codeOf(await server.call('left_mouse_down'))).toBe('ok');
      await news();
      if (stand === 'frontmost') await bringToFront(front);
      else await pointAt(target);
      const answer = await server.call('left_mouse_up');
      const outcome = answer.isError ? answer.structured['because'] : 'ok';
      // the program that was pressed in learns that the button is up, and nobody else
      expect({ kind, outcome, got: await whoGotButtons() }).toEqual({
        kind,
        outcome: cellOf('left_mouse_up', stand, kind),
        got: ['partner'],
      });
      right += 1;
    }
  });
});

describe('the tools that bring an application to the front', () => {
  const bringing = TOOL_TABLE.filter(({ tool }) => tool === 'open_application' || tool === 'focus_window');
  test.each(bringing.flatMap((row) => STANDS.map((stand) => ({ use: row.use, stand, row }))))(
    '$use goes by its target alone, with each kind of application as $stand',
    async ({ row, stand }) => {
      for (const kind of KINDS) {
        const { front, target } = sides(stand, kind);
        const { outcome, input } = await effectOf(await attempt(row, { front, target }));
        const expected = row[stand][kind];
        const inFront = expected === 'ok' ? target : front;
        expect({ kind, outcome, input, inFront: await isActive(desktop.x, inFront.window.window) }).toEqual({
          kind,
          outcome: expected,
          input: [],
          inFront: true,
        });
        right += 1;
      }
    },
  );
});

describe('the tools that only tell', () => {
  const telling = TOOL_TABLE.filter(
    (row) => useOf(row).by === 'nothing' && !['open_application', 'focus_window'].includes(row.tool),
  );
  test.each(telling.flatMap((row) => STANDS.map((stand) => ({ use: row.use, stand, row }))))(
    '$use makes no input and tells no more than it may, with each kind of application as $stand',
    async ({ row, stand }) => {
      for (const kind of KINDS) {
        const answer = await attempt(row, sides(stand, kind));
        const { outcome, input } = await effectOf(answer);
        expect({ kind, outcome, input }).toEqual({ kind, outcome: row[stand][kind], input: [] });
        await checkTold(answer, row.tool, { stand, kind });
        right += 1;
      }
    },
  );
});

async function checkTold(
  answer: ToolAnswer,
  tool: string,
  { stand, kind }: { readonly stand: Stand; readonly kind: Kind },
): Promise<void> {
  const { front } = sides(stand, kind);
  const { colour, place, title } = cast[kind];
  if (tool === 'get_frontmost')
    expect(answer.structured['frontmost']).toMatchObject({ executable: front.executable });
  if (tool === 'list_windows') {
    expect(answer.text.includes(title)).toBe(SHOWN[kind]);
    expect(answer.text).toContain(cast.partner.title);
  }
  if (tool === 'cursor_position') {
    const [, x, y] = /x:(\d+) y:(\d+)/.exec(await xdotool(desktop, 'getmouselocation')) ?? [];
    expect(answer.structured['coordinate']).toEqual([Number(x), Number(y)]);
  }
  if (tool !== 'screenshot') return;
  const picture = await decodePicture(answer);
  const middle = picture.at(place.x + place.width / 2, place.y + place.height / 2);
  expect({ kind, middle }).toEqual({ kind, middle: SHOWN[kind] ? colour : 0 });
}

test('every cell was tried', () => {
  expect(right).toBe(CELLS);
});

test('the table has every tool that the server offers', async () => {
  const { tools } = await server.client.listTools();
  const tried = new Set([...TOOL_TABLE.map(({ tool }) => tool), ...ELEMENT_TOOL_TABLE.map(([tool]) => tool)]);
  expect(tools.map(({ name }) => name).toSorted()).toEqual([...tried].toSorted());
});

test('the list of tools costs a model at most 12 KB', async () => {
  const { tools } = await server.client.listTools();
  expect(Buffer.byteLength(JSON.stringify(tools))).toBeLessThan(12 * 1024);
});

test('the person was asked about the unknown application alone', () => {
  const asked = server.questions.map(({ message }) => message);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain(cast.ungranted.executable);
});
