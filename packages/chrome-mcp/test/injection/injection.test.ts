import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { groupNames } from '../../src/groups/index.ts';
import { QUIET } from '../lab/browser.ts';
import { openServer, type ServerLab } from '../lab/server.ts';
import { openSite, type Site } from '../lab/site.ts';
import { writeHostileExtension } from './hostile-extension.ts';
import { hostileSite } from './hostile-site.ts';
import { uses, type Hand } from './uses.ts';
import { escaped, LINE, MARK, WORDS } from './words.ts';

let site: Site;
let elsewhere: Site;
let lab: ServerLab;
let folder: string;
let offered: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-injection-'));
  await writeFile(join(folder, 'file.txt'), 'a file');
  await writeHostileExtension(join(folder, 'extension'));
  elsewhere = await openSite({});
  site = await openSite(hostileSite(elsewhere.origin));
  lab = await openServer({
    options: {
      allowOrigin: [site.origin, 'http://127.0.0.1:1'],
      root: [folder],
      enable: groupNames,
      extension: [join(folder, 'extension')],
      chromeArg: [...QUIET, '--enable-experimental-web-platform-features', '--enable-features=WebMCP'],
    },
  });
  offered = definitions();
});

afterAll(async () => {
  await lab.close();
  await site.close();
  await elsewhere.close();
  await rm(folder, { recursive: true, force: true });
});

/** All that the model is told of the tools before it calls one. */
function definitions(): string {
  const tools = lab.client('anybody').tools();
  return JSON.stringify(
    tools.map(({ name, title, description, input, annotations }) => ({
      ...{ name, title, description, annotations, input: z.toJSONSchema(input) },
    })),
  );
}

function handOf(id: string): Hand {
  const client = lab.client(id);
  const call: Hand['call'] = (tool, input) => client.call(tool, input);
  return {
    ...{ client, call, origin: site.origin, file: join(folder, 'file.txt') },
    go: (path) => call('navigate', { url: site.origin + path }),
    ref: async (role, at = 0) => {
      const { text } = await call('find', { role, limit: 50 });
      return [...text.matchAll(/^\w+ \[(\w+)\]/gmu)][at]?.[1] ?? expect.fail(`no ${role} ${at} in ${text}`);
    },
  };
}

test('the words of a page are told from those of the server where there are any', () => {
  expect(escaped(`textbox ${JSON.stringify(WORDS.slice(0, 40))} [e1]\n> ${LINE}`)).toEqual([]);
  expect(escaped(`title ${LINE}`)).toHaveLength(1);
  expect(escaped(`title "${LINE}"`)).toHaveLength(1);
  expect(escaped(`> one\n${MARK}`)).toHaveLength(1);
  expect(escaped(WORDS).length).toBeGreaterThan(4);
});

test('every tool of every group is tried', () => {
  const names = lab
    .client('anybody')
    .tools()
    .map(({ name }) => name);
  expect(Object.keys(uses)).toEqual(names);
});

test.each(Object.entries(uses))('%s keeps what the page says in quotes or behind ">"', async (name, use) => {
  const hand = handOf(name);
  const answers = await use.run(hand);
  expect(answers.flatMap(({ text }) => escaped(text))).toEqual([]);
  expect(answers.some(({ text }) => text.toUpperCase().includes(MARK))).toBe(use.quotes);
  await hand.client.leave();
});

test('no page has added a tool, or changed one', () => {
  expect(definitions()).toBe(offered);
});
