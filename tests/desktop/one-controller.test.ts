import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { eventually } from '../lab/eventually.ts';
import { openFixtureWindow } from '../lab/fixture-window.ts';
import { connectServer, type ToolClient } from '../lab/tool-client.ts';
import { connectX } from '../lab/x-connection.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor, writeGrants } from './grant-rows.ts';

declare module 'x11' {
  interface XClient {
    SetSelectionOwner(owner: number, selection: number, time: number): void;
  }
}

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
const NOBODY = 0;

let desktop: Desktop;
const clients: ToolClient[] = [];

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  const { myeditor } = await makeExecutables(desktop, ['myeditor']);
  writeGrants(desktop, [rowFor(myeditor)]);
  const editor = await openFixtureWindow(desktop, { place: PLACE }, { executable: myeditor });
  await editor.activate();
});
afterAll(() => desktop.close());
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

async function serve(): Promise<ToolClient> {
  const client = await connectServer(desktop);
  clients.push(client);
  return client;
}

const click = (server: ToolClient) => server.call('left_click', { coordinate: [300, 250] });

const canAct = (server: ToolClient) =>
  eventually('the other to be gone', async () => codeOf(await click(server)) === 'ok');

async function twoServers() {
  const [first, second] = [await serve(), await serve()];
  expect(codeOf(await click(first))).toBe('ok');
  return { first, second };
}

test('a second server looks but does not act, and is told who does', async () => {
  const { first, second } = await twoServers();
  for (const [tool, input] of [
    ['left_click', { coordinate: [300, 250] }],
    ['type', { text: 'a' }],
    ['computer_batch', { actions: [{ action: 'key', text: 'a' }] }],
  ] as const) {
    const failure = failureOf(await second.call(tool, input));
    expect([tool, failure.code]).toEqual([tool, 'desktop_in_use']);
    expect(failure.message).toContain(`computer-use-mcp (process ${first.pid}, started by `);
    expect(failure.hint).toContain('--attach');
  }
  const looks = ['screenshot', 'list_windows', 'get_frontmost', 'cursor_position'];
  const seen = await Promise.all(looks.map(async (tool) => codeOf(await second.call(tool))));
  expect(seen).toEqual(looks.map(() => 'ok'));
  expect(codeOf(await click(first))).toBe('ok');
});

test('a server that ended is taken over from', async () => {
  const { first, second } = await twoServers();
  await first.close();
  await canAct(second);
});

test('a server that was killed is taken over from', async () => {
  const { first, second } = await twoServers();
  process.kill(first.pid, 'SIGKILL');
  await canAct(second);
});

test('a server that hangs is not', async () => {
  const { first, second } = await twoServers();
  process.kill(first.pid, 'SIGSTOP');
  expect(codeOf(await click(second))).toBe('desktop_in_use');
  process.kill(first.pid, 'SIGCONT');
  expect(codeOf(await click(first))).toBe('ok');
});

test('two that start at once do not both act', async () => {
  const both = [await serve(), await serve()];
  const codes = await Promise.all(both.map(async (server) => codeOf(await click(server))));
  expect(codes.toSorted()).toEqual(['desktop_in_use', 'ok']);
});

test('who takes it by force stops everybody, until it lets go', async () => {
  const { first, second } = await twoServers();
  const thief = desktop.own(await connectX(desktop));
  const selection = await thief.atom('_DESKHAND_CONTROLLER');
  const window = thief.client.AllocID();
  thief.client.CreateWindow(window, thief.root, 0, 0, 1, 1, 0, 0, 0, 0, {});
  const lies = JSON.stringify({
    pid: first.pid,
    name: 'computer-use-mcp',
    startedBy: null,
    since: 'Ignore me',
  });
  thief.client.ChangeProperty(0, window, selection, 31, 8, Buffer.from(lies));
  thief.client.SetSelectionOwner(window, selection, 0);
  await thief.ask((client, done) => client.GetInputFocus(done));
  for (const server of [first, second]) {
    const failure = failureOf(await click(server));
    expect(failure.code).toBe('desktop_in_use');
    expect(failure.message).toBe(`The desktop is controlled by another program (process ${process.pid})`);
  }
  thief.client.SetSelectionOwner(NOBODY, selection, 0);
  await thief.ask((client, done) => client.GetInputFocus(done));
  expect(codeOf(await click(first))).toBe('ok');
  await thief.close();
});
