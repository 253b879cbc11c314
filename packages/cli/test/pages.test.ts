import { openGrantStore } from '@deskhand/grants';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DaemonLab } from './lab/daemon-lab.ts';
import { calls, DONE } from './lab/host-process.ts';

const ASKER = new URL('../../gateway/test/fixtures/asker.mjs', import.meta.url).pathname;
const ONLY = ['--servers', 'asker'];

const url = 'https://login.example.com/a?b=c';
const page = { message: 'Log in there.', url, host: 'login.example.com' };
const asking = (address: string) => calls('call_tool', { name: 'asker__page', arguments: { url: address } });

let lab: DaemonLab;

beforeEach(async () => {
  lab = new DaemonLab();
  await lab.run('mcp', 'add', 'asker', '--', process.execPath, ASKER);
  const store = await openGrantStore({ home: lab.state });
  const resource = { kind: 'tool', server: 'asker', name: '*' } as const;
  await store.add({ subject: '*', resource, decision: 'allow', scope: 'always', origin: 'policy' });
  store.close();
});
afterEach(() => lab.close(), 60_000);

test('a page that a server wants opened is shown at the terminal with its host, and answered when it was', async () => {
  await lab.script([asking(url), asking('http://evil.example/x'), DONE]);
  const { child, seen, ended } = lab.atTerminal('run', 'Go', ...ONLY);
  await vi.waitFor(() => expect(seen.out).toContain('[o]pened, [n]o >'), { timeout: 60_000 });
  expect(seen.out.replaceAll('\r', '')).toContain(
    `? asker wants: page\n    url: "${url}"\n  Log in there.\n  Open it yourself, if you trust login.example.com, and answer when you are done there:\n    ${url}\n`,
  );
  child.stdin.write('maybe\r');
  await vi.waitFor(() => expect(seen.out.match(/\[o\]pened/g)).toHaveLength(2), { timeout: 60_000 });
  child.stdin.write('o\r');
  const { code, out } = await ended;
  expect(code).toBe(0);
  // the one that is not safe to be opened is declined without a question
  expect(out.match(/\? asker wants/g)).toHaveLength(1);
  expect(lab.refusals).toEqual([]);
});

const view = z.looseObject({ status: z.string(), questions: z.array(z.looseObject({ id: z.string() })) });

test('the API of the daemon has a form of its own for a page, which attach shows, and no answer widens anything', async () => {
  await lab.script([asking(url), asking(`${url}#2`), DONE]);
  const begun = await lab.run('run', '--detach', 'Go', ...ONLY);
  const id = begun.out.trim();
  const { url: at } = lab.info;
  const waiting = async () => {
    await vi.waitFor(
      async () => expect(view.parse((await lab.ask(`${at}/sessions/${id}`)).json).status).toBe('waiting'),
      { timeout: 60_000 },
    );
    return view.parse((await lab.ask(`${at}/sessions/${id}`)).json).questions;
  };
  const [question] = await waiting();
  expect(question).toMatchObject({ server: 'asker', tool: 'page', form: null, page });
  const left = await lab.run('attach', id);
  expect([left.code, left.err]).toEqual([3, expect.stringContaining(`if you trust login.example.com`)]);
  expect((await lab.run('sessions')).out).toContain(`asks for asker page, ${url}: deskhand resume`);

  const { child, seen, ended } = lab.atTerminal('attach', id);
  await vi.waitFor(() => expect(seen.out).toContain('[o]pened, [n]o >'), { timeout: 60_000 });
  expect(seen.out).toContain(`    ${url}\r\n`);
  child.stdin.write('o\r');
  await vi.waitFor(() => expect(seen.out).toContain(`    ${url}#2\r\n`), { timeout: 60_000 });
  child.stdin.write('n\r');
  expect((await ended).code).toBe(0);
  const document = JSON.stringify((await lab.ask(`${at}/openapi.json`)).json);
  expect(document).toContain('"required":["message","url","host"]');
  expect(lab.refusals).toEqual([]);
});
