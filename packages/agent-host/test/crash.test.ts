import type { MessagesRequest, Reply, Step } from '@deskhand/fake-messages';
import { AnthropicModel } from '@deskhand/model';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { NO_LIMITS, Lab } from './lab/lab.ts';
import { said, type Toy } from './lab/toy-gateway.ts';
import { requestOf } from '../src/prompt/request.ts';

const HOST = new URL('fixtures/host.mjs', import.meta.url).pathname;
const signal = new AbortController().signal;

let lab: Lab;

afterEach(() => lab.close());

const look = { name: 'look', input: {} };
const write = (what: string) => ({ name: 'write', input: { what } });
const SAYS: readonly Reply[] = [
  { thinking: 'Look first.', text: 'I look.', toolCalls: [look, look] },
  { thinking: 'Then write.', toolCalls: [write('a'), look, write('b')] },
  { thinking: 'Once more.', toolCalls: [write('c')] },
  { text: 'Done.' },
];

/** Goes on with a conversation wherever it stands, so that it can be asked again. */
const reply = ({ messages }: MessagesRequest): Reply =>
  SAYS[messages.filter(({ role }) => role === 'assistant').length] ?? { text: 'Done.' };
const steps: readonly Step[] = Array.from({ length: 200 }, () => ({ reply }));

const toys: Readonly<Record<string, Toy>> = {
  look: { isReadOnly: true, run: () => said('seen') },
  write: { run: () => said('written') },
};

async function runUntilKilled(where: string): Promise<void> {
  const child = spawn(process.execPath, [HOST, lab.home, lab.api.url, where], { stdio: 'inherit' });
  await once(child, 'exit');
}

/** What the child did, and what was done here after it was killed. */
function effects(): readonly string[] {
  const path = join(lab.home, 'effects.txt');
  const before = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  const after = lab.gateway.calls
    .filter(({ name }) => name === 'write')
    .map(({ input }) => String(input['what']));
  return [...before, ...after];
}

async function resumeToTheEnd(): Promise<number> {
  const session = await lab.sessions.open(lab.sessions.find('last'));
  if (session.events.length < 2) session.append({ kind: 'said', content: [{ type: 'text', text: 'Do it' }] });
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  session.close();
  return session.events.length;
}

/** The whole log of a session that nobody killed, and where it lies. */
async function wholeLog(): Promise<{ id: string; path: string; bytes: Buffer }> {
  await runUntilKilled('never');
  const id = lab.sessions.find('last');
  const path = join(lab.home, 'sessions', id, 'events.jsonl');
  return { id, path, bytes: readFileSync(path) };
}

test.each([2, 8, 13, 19])(
  'killed after event %i, it goes on to the end, and does nothing twice',
  async (at) => {
    lab = await Lab.open({ steps, toys });
    await runUntilKilled(String(at));
    await resumeToTheEnd();
    expect(lab.api.refusals).toEqual([]);
    expect(effects().toSorted()).toEqual([...new Set(effects())].toSorted());
  },
);

test('from the log as it is after any event, it goes on to the end', async () => {
  lab = await Lab.open({ steps, toys });
  const { path, bytes } = await wholeLog();
  const ends = [...bytes.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
  for (const end of ends) {
    writeFileSync(path, bytes.subarray(0, end));
    await resumeToTheEnd();
  }
  expect(ends.length).toBeGreaterThan(20);
  // a tool that was found before the end is shown again
  expect(JSON.stringify(lab.api.requests.at(-1)?.messages)).toContain('"tool_name":"shop__sell"');
  expect(lab.api.refusals).toEqual([]);
});

test('killed between an effect and its record, it says so, does not do it again, nor what was to follow', async () => {
  lab = await Lab.open({ steps, toys });
  await runUntilKilled('tool');
  await resumeToTheEnd();
  expect(lab.api.refusals).toEqual([]);
  // `b` was in the same turn as `a`, and `c` in one that knew
  expect(effects()).toEqual(['a', 'c']);
  const told = JSON.stringify(lab.api.requests.at(-1)?.messages);
  expect(told.match(/may or may not have happened/g)?.length).toBe(1);
  expect(told.match(/Not made: a call before it was stopped/g)?.length).toBe(2);
});

test('torn at any byte, the log loads to a request that the service takes', async () => {
  lab = await Lab.open({ steps, toys });
  const { id, path, bytes } = await wholeLog();
  const first = bytes.indexOf(10) + 1;
  const model = new AnthropicModel({ model: 'claude-opus-5-5', apiKey: 'none', baseUrl: lab.api.url });
  for (let end = bytes.length; end >= first; end -= 61) {
    writeFileSync(path, bytes.subarray(0, end));
    const session = await lab.sessions.open(id);
    session.append({ kind: 'said', content: [{ type: 'text', text: 'Go on' }] });
    await model.count(requestOf(session.state, 1_000), { signal });
    session.close();
    (await lab.sessions.open(id)).close();
  }
  expect(lab.api.refusals).toEqual([]);
});
