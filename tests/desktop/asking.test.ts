import { appendFile, copyFile, mkdir, mkdtemp, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { startDesktop, type Desktop } from '../lab/desktop.ts';
import { openFixtureWindow, type FixtureWindow } from '../lab/fixture-window.ts';
import {
  connectServer,
  type PersonAnswer,
  type ToolClient,
  type ToolClientOptions,
} from '../lab/tool-client.ts';
import { codeOf, failureOf } from './answers.ts';
import { makeExecutables } from './executables.ts';
import { rowFor } from './grant-rows.ts';

const PLACE = { x: 200, y: 150, width: 300, height: 200 };
const CLICK = { coordinate: [300, 250] };

let desktop: Desktop;
let myeditor: string;
let editor: FixtureWindow;
let servers: ToolClient[] = [];
let homes = 0;

beforeAll(async () => {
  desktop = await startDesktop({ wm: 'openbox' });
  ({ myeditor } = await makeExecutables(desktop, ['myeditor']));
  editor = await openFixtureWindow(desktop, { place: PLACE }, { executable: myeditor });
  await editor.activate();
});
afterAll(() => desktop.close());
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function newHome(): Promise<string> {
  homes += 1;
  const home = join(desktop.folder, `home-${homes}`);
  await mkdir(home, { mode: 0o700 });
  return home;
}

async function connect(home: string, options: ToolClientOptions = {}): Promise<ToolClient> {
  const server = await connectServer(desktop, { ...options, env: { DESKHAND_HOME: home } });
  servers.push(server);
  return server;
}

const ask = (server: ToolClient) =>
  server.call('request_access', { apps: [myeditor], reason: 'To write a letter.' });

const click = async (server: ToolClient) => codeOf(await server.call('left_click', CLICK));

const grantsIn = async (home: string): Promise<unknown> =>
  JSON.parse(await readFile(join(home, 'grants.json'), 'utf8'));

const allow = (decision: 'once' | 'always'): PersonAnswer => ({ action: 'accept', content: { decision } });

describe.each([
  ['of 2025', 'legacy', /^2025-/],
  ['of 2026', { pin: '2026-07-28' }, /^2026-07-28$/],
] as const)('a person at a client of the protocol %s', (_name, era, version) => {
  test('allows once: it works in this session, and no file says so', async () => {
    const home = await newHome();
    const server = await connect(home, { era, onElicit: () => allow('once') });
    expect(server.client.getNegotiatedProtocolVersion()).toMatch(version);
    expect(await click(server)).toBe('not_granted');

    const answer = await ask(server);
    expect(answer.structured['applications']).toEqual([{ app: 'myeditor', status: 'granted', tier: 'full' }]);
    expect(await click(server)).toBe('ok');
    expect(await grantsIn(home)).toEqual({ version: 1, grants: [] });

    const [question, ...others] = server.questions;
    expect(others).toEqual([]);
    for (const part of [myeditor, 'full', 'To write a letter.']) expect(question?.message).toContain(part);

    await server.close(); // one server at a time acts on a desktop
    const other = await connect(home, { era });
    expect(await click(other)).toBe('not_granted');
  });

  test.each<readonly [string, PersonAnswer]>([
    ['declines', { action: 'decline' }],
    ['cancels', { action: 'cancel' }],
    ['accepts the form with its default', { action: 'accept', content: { decision: 'deny' } }],
  ])('%s: nothing is allowed', async (_what, given) => {
    const home = await newHome();
    const server = await connect(home, { era, onElicit: () => given });
    expect(failureOf(await ask(server)).code).toBe('denied_by_person');
    expect(await click(server)).toBe('not_granted');
    expect(server.questions).toHaveLength(1);
    expect(await grantsIn(home)).toEqual({ version: 1, grants: [] });
  });

  test('is not bothered with --approvals decline', async () => {
    const server = await connect(await newHome(), {
      era,
      onElicit: () => allow('always'),
      args: ['--approvals', 'decline'],
    });
    expect(failureOf(await ask(server)).code).toBe('denied_by_person');
    expect(await click(server)).toBe('not_granted');
    expect(server.questions).toEqual([]);
  });
});

describe('allowed for always', () => {
  test('holds after a restart without a question, for the file that was allowed', async () => {
    const home = await newHome();
    const first = await connect(home, { onElicit: () => allow('always') });
    expect(codeOf(await ask(first))).toBe('ok');
    expect(await click(first)).toBe('ok');
    await first.close();
    expect(await grantsIn(home)).toMatchObject({
      version: 1,
      grants: [
        {
          subject: '*',
          resource: { kind: 'app', app: `linux:${myeditor}` },
          decision: 'allow',
          scope: 'always',
          origin: 'person',
          identity: { executable: myeditor },
        },
      ],
    });

    expect(JSON.stringify(await grantsIn(home))).toMatch(/"sha256":"[0-9a-f]{64}"/);

    const second = await connect(home, { onElicit: () => ({ action: 'decline' }) });
    expect(await click(second)).toBe('ok');
    expect(codeOf(await ask(second))).toBe('ok');
    expect(second.questions).toEqual([]);
  });

  test('is bound to the content of the file, wherever its dates go', async () => {
    const home = await newHome();
    const diary = join(await mkdtemp(join(desktop.folder, 'own-')), 'diary');
    await copyFile(process.execPath, diary);
    const open = async () => {
      const window = await openFixtureWindow(desktop, { place: PLACE }, { executable: diary });
      await window.activate();
      return window;
    };
    const window = await open();
    const server = await connect(home, { onElicit: () => allow('always') });
    const answer = await server.call('request_access', { apps: [diary], reason: 'To write.' });
    expect([codeOf(answer), await click(server)]).toEqual(['ok', 'ok']);

    await utimes(diary, 0, 0);
    expect(await click(server)).toBe('ok');
    await window.close();

    const copy = `${diary}.new`;
    await copyFile(process.execPath, copy);
    await rename(copy, diary);
    const same = await open();
    expect(await click(server)).toBe('ok');
    await same.close();

    await appendFile(diary, 'changed');
    const other = await open();
    expect(await click(server)).toBe('not_granted');
    await other.close();
    await editor.activate();
  });
});

describe('allowed with a lower tier than the application could have', () => {
  test('says so to whoever asks again, and holds', async () => {
    const home = await newHome();
    const server = await connect(home, { onElicit: () => ({ action: 'decline' }) });
    const row = rowFor(myeditor, { tier: 'click' });
    await writeFile(join(home, 'grants.json'), JSON.stringify({ version: 1, grants: [row] }), {
      mode: 0o600,
    });
    const answer = await ask(server);
    expect(answer.structured['applications']).toEqual([
      { app: 'myeditor', status: 'granted', tier: 'click' },
    ]);
    expect(await click(server)).toBe('ok');
    expect(codeOf(await server.call('right_click', CLICK))).toBe('tier_too_low');
  });
});
