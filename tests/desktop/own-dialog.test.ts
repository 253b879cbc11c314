import { readFileSync, writeFileSync } from 'node:fs';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow, type FixtureWindow } from '../lab/fixture-window.ts';
import { run } from '../lab/owned-process.ts';
import { startSentinel, type Sentinel } from '../lab/sentinel.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { inRepository } from '../lab/workspace.ts';
import { codeOf, failureOf } from './answers.ts';
import { dialogOn, hasDialog } from './dialog.ts';
import { makeExecutables } from './executables.ts';
import { grantsFileOf, rowFor, writeGrants } from './grant-rows.ts';
import { decodePicture } from './picture.ts';

const PLACE = { x: 60, y: 60, width: 200, height: 150 };
const CLICK = { coordinate: [100, 100] };

let desktop: Desktop;
let sentinel: Sentinel;
let executables: Readonly<Record<'myeditor' | 'partner', string>>;
let editor: FixtureWindow;
let server: ToolClient;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  sentinel = await startSentinel(desktop);
  executables = await makeExecutables(desktop, ['myeditor', 'partner']);
  editor = await openFixtureWindow(desktop, { place: PLACE }, { executable: executables.myeditor });
  const place = { ...PLACE, y: 560 };
  await openFixtureWindow(desktop, { place }, { executable: executables.partner });
});
afterAll(() => desktop.close());
afterEach(() => server.close());

const ask = (client: ToolClient) =>
  client.call('request_access', { apps: [executables.myeditor], reason: 'To write a letter.' });

const click = async () => codeOf(await server.call('left_click', CLICK));

const Kept = z.object({
  grants: z.array(z.object({ resource: z.object({ app: z.string() }), decision: z.string() })),
});

/** The approvals of the file, without what is different each time. */
const kept = (): readonly string[] =>
  Kept.parse(JSON.parse(readFileSync(grantsFileOf(desktop), 'utf8'))).grants.map(
    ({ resource, decision }) => `${resource.app} ${decision}`,
  );

describe('a client that cannot ask leaves it to a dialog of our own', () => {
  const answers: readonly (readonly [string, readonly string[], string, boolean])[] = [
    ['Escape denies', ['Escape'], 'denied_by_person', false],
    ['Return denies, as it is where the focus is first', ['Return'], 'denied_by_person', false],
    ['the second button allows once', ['Tab', 'Return'], 'ok', false],
    ['the third button allows always', ['Tab', 'Tab', 'Return'], 'ok', true],
  ];
  test.each(answers)('%s', async (_what, keys, outcome, isKept) => {
    writeGrants(desktop, []);
    server = await connectServer(desktop);
    await editor.activate();
    const asking = ask(server);
    const dialog = await dialogOn(desktop);
    await dialog.press(...keys);
    expect(codeOf(await asking)).toBe(outcome);
    expect(await hasDialog(desktop)).toBe(false);
    await editor.waitUntilActive();
    expect(await click()).toBe(outcome === 'ok' ? 'ok' : 'not_granted');
    expect(kept()).toEqual(isKept ? [`linux:${executables.myeditor} allow`] : []);
  });

  test('and no agent can touch or see the dialog, even one with a grant for zenity', async () => {
    writeGrants(desktop, [rowFor('/usr/bin/zenity'), rowFor(executables.partner)]);
    server = await connectServer(desktop);
    const agent = await connectServer(desktop);
    const asking = ask(server);
    const dialog = await dialogOn(desktop);
    const { x, y, width, height } = await dialog.geometry();
    const coordinate = [x + Math.floor(width / 2), y + Math.floor(height / 2)];
    await sentinel.forget();

    const attempts: readonly (readonly [string, object])[] = [
      ['left_click', { coordinate }],
      ['mouse_move', { coordinate }],
      ['scroll', { coordinate, scroll_direction: 'down', scroll_amount: 1 }],
      ['key', { text: 'Tab Return' }],
      ['type', { text: '\t\n' }],
      ['focus_window', { window: dialog.window }],
    ];
    for (const [tool, input] of attempts) {
      expect([tool, codeOf(await agent.call(tool, { ...input }))]).toEqual([tool, 'protected_app']);
    }
    expect(await sentinel.events()).toEqual([]);

    const picture = await decodePicture(await agent.call('screenshot'));
    const points = Array.from({ length: 400 }, (_, at) => [
      x + Math.floor(((at % 20) * (width - 1)) / 19),
      y + Math.floor((Math.floor(at / 20) * (height - 1)) / 19),
    ]);
    expect(points.filter(([left = 0, top = 0]) => picture.at(left, top) !== 0)).toEqual([]);
    expect(await hasDialog(desktop)).toBe(true);

    await dialog.press('Escape');
    expect(failureOf(await asking).code).toBe('denied_by_person');
    // the twin: what is granted and no dialog of ours
    const back = await agent.call('open_application', { app: executables.partner });
    expect(codeOf(back)).toBe('ok');
    expect(codeOf(await agent.call('left_click', { coordinate: [100, 600] }))).toBe('ok');
    await agent.close();
  });

  test('and goes away when the server ends', async () => {
    writeGrants(desktop, []);
    server = await connectServer(desktop);
    const asking = ask(server).catch(() => 'hung up');
    await dialogOn(desktop);
    await server.close();
    expect(await asking).toBe('hung up');
    await eventually('no dialog', async () => !(await hasDialog(desktop)));
  });
});

describe('what was allowed can be taken back, and that holds on the next call', () => {
  async function allowedEditor(): Promise<void> {
    writeGrants(desktop, [rowFor(executables.myeditor)]);
    server = await connectServer(desktop);
    await server.call('open_application', { app: executables.myeditor });
    await eventually('the editor in front', async () => (await click()) === 'ok');
  }

  test('by an edit of the file', async () => {
    await allowedEditor();
    const file = grantsFileOf(desktop);
    const revoked = { ...rowFor(executables.myeditor), revokedAt: new Date().toISOString() };
    writeFileSync(file, JSON.stringify({ version: 1, grants: [revoked] }), { mode: 0o600 });
    await sentinel.forget();
    expect(await click()).toBe('not_granted');
    expect(await sentinel.events()).toEqual([]);
    writeGrants(desktop, [rowFor(executables.myeditor)]);
    expect(await click()).toBe('ok');
  });

  test('by another process of ours', async () => {
    await allowedEditor();
    const grants = inRepository('packages', 'grants', 'dist', 'index.js');
    const code = `import { openGrantStore } from ${JSON.stringify(grants)};
      const store = await openGrantStore({ home: process.env.DESKHAND_HOME });
      await store.revoke({ kind: 'app', app: ${JSON.stringify(`linux:${executables.myeditor}`)} });
      store.close();`;
    const args = ['--input-type=module', '-e', code];
    await run({ command: process.execPath, args, env: desktop.env, cwd: desktop.folder });
    await sentinel.forget();
    expect(await click()).toBe('not_granted');
    expect(await sentinel.events()).toEqual([]);
  });

  test('and a broken file allows nothing', async () => {
    await allowedEditor();
    writeFileSync(grantsFileOf(desktop), '{"version": 1, "grants": [', { mode: 0o600 });
    await sentinel.forget();
    const answer = await server.call('left_click', CLICK);
    expect([answer.isError, await sentinel.events()]).toEqual([true, []]);
    writeGrants(desktop, [rowFor(executables.myeditor)]);
    expect(await click()).toBe('ok');
  });
});
