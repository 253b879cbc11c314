import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLab } from '../lab/browser.ts';
import { openPerson, type PersonBrowser } from '../lab/person.ts';
import { openSite, type Site } from '../lab/site.ts';

let site: Site;
let person: PersonBrowser;

beforeAll(async () => {
  site = await openSite({ '/': '<title>Home</title>', '/theirs': '<title>Theirs</title>' });
  person = await openPerson(`${site.origin}/theirs`);
});

afterAll(async () => {
  await person.close();
  await site.close();
});

/** What stands between: connections wait until the person says yes or no. */
interface Gate {
  readonly folder: string;
  readonly asked: () => number;
  answer(isAllowed: boolean): void;
  close(): Promise<void>;
}

async function openGate(): Promise<Gate> {
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-consent-'));
  const waiting: Socket[] = [];
  const open = new Set<Socket>();
  let asked = 0;
  const server: Server = createServer((socket) => {
    asked++;
    waiting.push(socket);
    for (const event of ['error', 'close']) socket.on(event, () => void open.delete(socket));
    open.add(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await writeFile(join(folder, 'DevToolsActivePort'), `${port}\n${person.path}`);
  return {
    folder,
    asked: () => asked,
    answer: (isAllowed) => {
      for (const socket of waiting.splice(0)) {
        if (!isAllowed) socket.destroy();
        else {
          const onward = connect(person.port, '127.0.0.1');
          onward.on('error', () => socket.destroy());
          socket.on('close', () => onward.destroy());
          socket.pipe(onward).pipe(socket);
        }
      }
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test('while the person has not answered calls say so, nobody is asked twice, and a yes lets the next one through', async () => {
  const gate = await openGate();
  const lab = await openLab({ isolated: false, autoConnect: gate.folder, deadline: 1_500 });
  const me = lab.client();
  for (let call = 0; call < 2; call++) {
    expect(await me.call('navigate', { url: site.origin })).toMatchObject({
      code: 'browser_unavailable',
      text: 'The browser asks the person whether it may be joined, and nobody answered yet. Ask the person to allow it in the browser, and try again: it goes on waiting.',
    });
  }
  expect(gate.asked()).toBe(1);
  gate.answer(true);
  await expect.poll(async () => (await me.call('tabs')).text).toContain('t1 (free) "Theirs"');
  expect(gate.asked()).toBe(1);
  await lab.close();
  expect(person.isRunning()).toBe(true);
  await gate.close();
});

test('a no is an error, and the next call asks again', async () => {
  const gate = await openGate();
  const lab = await openLab({ isolated: false, autoConnect: gate.folder });
  const me = lab.client();
  const refused = me.call('tabs');
  await expect.poll(() => gate.asked()).toBe(1);
  gate.answer(false);
  const { code, text } = await refused;
  expect({ code, text }).toEqual({
    code: 'browser_unavailable',
    text: 'The running browser was not joined: nobody allowed it. Ask the person to allow remote debugging when the browser asks. When it does not ask, it may have ended: start it again.',
  });
  const allowed = me.call('tabs');
  await expect.poll(() => gate.asked()).toBe(2);
  gate.answer(true);
  expect((await allowed).text).toContain('"Theirs"');
  await lab.close();
  await gate.close();
});

test('where no browser listens, the answer says where to allow it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-consent-'));
  const lab = await openLab({ isolated: false, autoConnect: folder });
  const { code, text } = await lab.client().call('tabs');
  expect({ code, isTold: text.includes('chrome://inspect/#remote-debugging') }).toEqual({
    code: 'browser_unavailable',
    isTold: true,
  });
  await lab.close();
  await rm(folder, { recursive: true });
});
