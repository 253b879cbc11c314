import { ELEMENT_PATTERNS, ELEMENT_TOOL_TABLE } from '@deskhand/computer-use-mcp/drill';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import type { FixtureWindow } from '../lab/fixture-window.ts';
import { openProgramTree, type TreeNode } from '../lab/program-tree.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { codeOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

const KINDS = ['read', 'click', 'full', 'ungranted', 'denied'] as const;
type Kind = (typeof KINDS)[number];
type Role = Kind | 'partner';

const EXECUTABLES = {
  read: 'firefox-esr',
  click: 'xterm',
  full: 'myeditor',
  ungranted: 'stranger',
  denied: 'unwanted',
  partner: 'partner',
} as const;
const ROLES: readonly Role[] = [...KINDS, 'partner'];

const STANDS = ['frontmost', 'recipient'] as const;

const [FRAME, BUTTON, ENTRY] = [23, 43, 79];
const EDITABLE = [7, 8, 24, 25, 30];

interface Player {
  readonly role: Role;
  readonly executable: string;
  readonly window: FixtureWindow;
  readonly button: string;
  readonly entry: string;
}

let desktop: Desktop;
let sentinel: Sentinel;
let server: ToolClient;
let players: ReadonlyMap<Role, Player>;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'icewm', accessibility: true });
  sentinel = await startSentinel(desktop);
  server = await connectServer(desktop);
  const executables = await makeExecutables(desktop, Object.values(EXECUTABLES));
  const paths = ROLES.map((role) => executables[EXECUTABLES[role]]);
  // everybody may be read until their references are known
  writeGrants(
    desktop,
    paths.map((path) => rowFor(path)),
  );
  players = new Map(
    await Promise.all(
      ROLES.map(async (role) => [role, await enter(role, paths[ROLES.indexOf(role)] ?? '')] as const),
    ),
  );
  writeGrants(desktop, [
    ...(['read', 'click', 'full', 'partner'] as const).map((role) => rowFor(player(role).executable)),
    rowFor(player('denied').executable),
    rowFor(player('denied').executable, { decision: 'deny' }),
  ]);
});
afterAll(() => desktop.close());

function player(role: Role): Player {
  const found = players.get(role);
  if (found === undefined) throw new Error(`nobody plays ${role}`);
  return found;
}

async function enter(role: Role, executable: string): Promise<Player> {
  const index = ROLES.indexOf(role);
  const place = { x: 40 + 400 * (index % 3), y: 60 + 360 * Math.floor(index / 3), width: 240, height: 180 };
  const { x, y, width, height } = place;
  const children: TreeNode[] = [
    { role: BUTTON, name: `button of ${role}`, rect: [x + 20, y + 20, 80, 30] },
    { role: ENTRY, name: `entry of ${role}`, rect: [x + 20, y + 80, 80, 30], text: 'old', states: EDITABLE },
  ];
  const tops: TreeNode[] = [{ role: FRAME, name: role, rect: [x, y, width, height], children }];
  const { window } = await openProgramTree(
    desktop,
    { look: { name: role, tops }, opening: { place, title: role } },
    { executable },
  );
  const tree = await eventually(`the elements of ${role}`, async () => {
    const answer = await server.call('get_ui_tree', { window: window.window });
    return answer.isError ? undefined : answer.text;
  });
  const [button = '', entry = ''] = ['button', 'entry'].map(
    (kind) => new RegExp(`(e\\d+) ${kind} "`).exec(tree)?.[1],
  );
  return { role, executable, window, button, entry };
}

const argumentsFor = (
  tool: string,
  { role, window, button, entry }: Player,
): Readonly<Record<string, unknown>> => {
  if (tool === 'click_element') return { element: button };
  if (tool === 'set_value') return { element: entry, value: `new for ${role}` };
  return tool === 'find_element' ? { window: window.window, query: role } : { window: window.window };
};

test.each(
  ELEMENT_TOOL_TABLE.flatMap(([tool, ...cells]) =>
    STANDS.map((stand, at) => ({ tool, stand, cells: cells[at] ?? 'full' })),
  ),
)('$tool goes by the application as $stand', async ({ tool, stand, cells }) => {
  for (const [index, kind] of KINDS.entries()) {
    const partner = player('partner');
    const [front, target] = stand === 'frontmost' ? [player(kind), partner] : [partner, player(kind)];
    await front.window.activate();
    await sentinel.forget();
    const before = (await target.window.journal()).length;
    const answer = await server.call(tool, argumentsFor(tool, target));
    const expected = ELEMENT_PATTERNS[cells][index];
    const got = (await target.window.journal())
      .slice(before)
      .filter(({ event }) => event === 'ButtonPress').length;
    const isClicked = tool === 'click_element' && expected === 'ok';
    expect({
      kind,
      code: codeOf(answer),
      got,
      isTold: answer.text.includes(`button of ${target.role}`),
    }).toEqual({
      ...{ kind, code: expected, got: isClicked ? 1 : 0 },
      isTold: expected === 'ok' && tool !== 'set_value',
    });
    if (!isClicked) expect((await sentinel.events()).length).toBe(0);
  }
});

test('only the fields that may be set have another value', async () => {
  writeGrants(
    desktop,
    ROLES.map((role) => rowFor(player(role).executable)),
  );
  const trees = await Promise.all(
    ROLES.map((role) => server.call('find_element', { window: player(role).window.window, query: 'entry' })),
  );
  const values = trees.map(({ text }) => /= "(.*?)"/.exec(text)?.[1]);
  expect(values).toEqual(['old', 'old', 'new for full', 'old', 'old', 'new for partner']);
});
