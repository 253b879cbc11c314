import type { MessagesRequest, Step, Steps } from '@deskhand/fake-messages';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DaemonLab } from './lab/daemon-lab.ts';

const SERVER = new URL('../../gateway/test/fixtures/server.mjs', import.meta.url).pathname;
/** On a busy machine; servers and sessions end before their folder goes. */
const PATIENCE_MS = 60_000;

let lab: DaemonLab;

beforeEach(() => {
  lab = new DaemonLab();
});
afterEach(() => lab.close(), PATIENCE_MS);

const done: Step = { reply: { text: 'All done, dear person.' } };
const stalled: Step = { reply: { text: 'I begin with it.' }, fault: { kind: 'stalled', after: 4 } };

const question = z.looseObject({
  id: z.string(),
  server: z.string(),
  form: z.looseObject({ message: z.string() }).nullable(),
});
const view = z.looseObject({
  ...{ id: z.string(), status: z.string(), parked: z.unknown() },
  questions: z.array(question),
});

async function ask(url: string, method = 'GET', body?: unknown) {
  const { status, json } = await lab.ask(url, { method, body });
  return { status, json, code: z.looseObject({ code: z.string() }).safeParse(json).data?.code };
}

const seen = async (url: string) => view.parse((await ask(url)).json);

async function begun(url: string, body: Record<string, unknown> = {}): Promise<string> {
  const { json } = await ask(`${url}/sessions`, 'POST', { task: 'Do it', servers: [], ...body });
  return `${url}/sessions/${view.parse(json).id}`;
}

const becomes = (session: string, status: string): Promise<void> =>
  vi.waitFor(async () => expect((await seen(session)).status).toBe(status), { timeout: PATIENCE_MS });

/** What a client who follows a session gets, as it comes. */
function followed(session: string) {
  const seqs: number[] = [];
  const stream = lab.events(`${session}/events?follow`, {
    enough: (seq) => {
      seqs.push(seq);
      return false;
    },
  });
  return { seqs, stream };
}

const turnsIn = ({ messages }: MessagesRequest): number =>
  messages.filter(({ role }) => role === 'assistant').length;

test('who follows a session hears of all that comes, over its rests, until it is deleted', async () => {
  await lab.script((request) => ({ reply: { text: `Answer ${turnsIn(request) + 1}.` } }));
  const { url } = await lab.daemon();
  const session = await begun(url);
  const { seqs, stream } = followed(session);
  await becomes(session, 'done');
  await expect.poll(() => seqs.length, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
  await ask(`${session}/messages`, 'POST', { text: 'And now?' });
  await becomes(session, 'done');
  const log = join(lab.state, 'sessions', session.slice(-26), 'events.jsonl');
  const numbers = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((_, at) => at + 1);
  await expect.poll(() => seqs, { timeout: PATIENCE_MS }).toEqual(numbers);
  expect((await ask(session, 'DELETE')).status).toBe(204);
  expect((await stream).last?.event).not.toBe('end');
  expect([(await ask(session)).code, existsSync(log)]).toEqual(['session_unknown', false]);
});

test('a session that runs is not deleted, one that was stopped is, with its process', async () => {
  await lab.script([stalled]);
  const { url, pid } = await lab.daemon();
  const session = await begun(url);
  expect(await ask(session, 'DELETE')).toMatchObject({ status: 409, code: 'session_busy' });
  expect(await ask(`${session}/answers`, 'POST', { answer: 'once' })).toMatchObject({
    ...{ status: 409, code: 'no_question' },
  });
  const [stopped, again] = await Promise.all([
    ask(`${session}/stop`, 'POST'),
    ask(`${session}/stop`, 'POST', {}),
  ]);
  const parked = { why: 'stopped', message: 'Stopped by the person.' };
  expect([stopped.json, again.status]).toEqual([expect.objectContaining({ parked }), 200]);
  expect((await ask(session, 'DELETE')).status).toBe(204);
  expect((await ask(`${url}/sessions`)).json).toEqual({ sessions: [] });
  expect(lab.processes()).toEqual([pid]);
});

test('an export is to be read in both forms, and of another form there is none', async () => {
  await lab.script([done]);
  const { url } = await lab.daemon();
  const session = await begun(url);
  await becomes(session, 'done');
  const of = async (query: string) => {
    const headers = { Authorization: `Bearer ${lab.token}` };
    const { status, text } = await lab.raw(url, `${new URL(session).pathname}/export${query}`, { headers });
    return [status, /<!doctype html>/i.test(text), text.includes('All done, dear person.')];
  };
  expect(await of('')).toEqual([200, false, true]);
  expect(await of('?format=markdown')).toEqual([200, false, true]);
  expect(await of('?format=html')).toEqual([200, true, true]);
  expect(await of('?format=pdf')).toEqual([400, false, false]);
});

/** Has a server ask the person, and is done when that was answered. */
const asking: Steps = ({ messages }) =>
  messages.some(({ role }) => role === 'assistant')
    ? done
    : { reply: { toolCalls: [{ name: 'shop__ask', input: {} }] } };

test('a form of a server waits with its fields, and goes on with what a person filled in', async () => {
  await lab.script(asking);
  await lab.run('mcp', 'add', 'shop', '--', process.execPath, SERVER);
  const { url } = await lab.daemon();
  const session = await begun(url, { servers: ['shop'] });
  await becomes(session, 'waiting');
  const answer = (body: unknown) => ask(`${session}/answers`, 'POST', body);
  // the call itself is asked about first, as that of any server of others
  expect((await seen(session)).questions).toMatchObject([{ server: 'shop', form: null }]);
  expect((await answer({ fields: { colour: 'red' } })).status).toBe(422);
  expect((await answer({ answer: 'once' })).status).toBe(200);
  await expect
    .poll(async () => (await seen(session)).questions[0]?.form?.message, { timeout: PATIENCE_MS })
    .toBe('Which colour?');
  expect((await answer({ answer: 'once' })).status).toBe(422);
  expect((await answer({ fields: { colour: { red: 1 } } })).code).toBe('invalid');
  expect((await answer({ fields: { colour: 'red' } })).status).toBe(200);
  await becomes(session, 'done');
  const log = readFileSync(join(lab.state, 'sessions', session.slice(-26), 'events.jsonl'), 'utf8');
  expect(log).toContain('accept');
  expect(log).toContain('red');
  expect(lab.refusals).toEqual([]);
});

const row = z.looseObject({
  ...{ phase: z.string(), name: z.string(), actor: z.string(), surface: z.string(), session: z.string() },
  decision: z.unknown(),
});

test('what clients have done is in the ledger before and after, refused or not, and what they said is not', async () => {
  await lab.script([done, done]);
  const { url } = await lab.daemon();
  const session = await begun(url, { task: 'Keep this secret' });
  const id = session.slice(-26);
  await becomes(session, 'done');
  await ask(`${session}/resume`, 'POST', {});
  await ask(`${session}/answers`, 'POST', { answer: 'once' });
  await ask(`${session}/stop`, 'POST');
  await ask(`${session}/export?format=pdf`);
  const headers = { Authorization: `Bearer ${lab.token}` };
  expect((await lab.raw(url, `/sessions/${id}/export`, { headers })).text).toContain('Keep this secret');
  await ask(session, 'DELETE');
  await ask(`${url}/sessions`);
  await lab.run('daemon', 'stop');
  const folder = join(lab.state, 'ledger');
  const text = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
    .map(({ name }) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  const rows = text
    .split('\n')
    .flatMap((line) => (line.includes('"surface":"daemon"') ? [row.parse(JSON.parse(line))] : []));
  const by = { over: 'http', token: 'owner' };
  const acts = [
    ['create', { isError: false }],
    ['resume', { isError: false }],
    ['answer', { isError: true, code: 'refused' }],
    ['stop', { isError: false }],
    ['export', { isError: true, code: 'invalid' }],
    ['export', { isError: false }],
    ['delete', { isError: false }],
  ] as const;
  expect(rows.map(({ phase, name, decision }) => [phase, name, decision])).toEqual(
    acts.flatMap(([name, outcome]) => [
      ['intent', name, by],
      ['outcome', name, { ...by, ...outcome }],
    ]),
  );
  expect(new Set(rows.map(({ actor, session: of }) => `${actor} ${of}`))).toEqual(new Set([`api ${id}`]));
  expect(text).not.toContain('Keep this secret');
  expect((await lab.run('ledger', 'verify')).code).toBe(0);
});
