import type { MessagesRequest, Step, Steps } from '@deskhand/fake-messages';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DaemonLab } from './lab/daemon-lab.ts';

/** On a busy machine; servers and sessions end before their folder goes. */
const PATIENCE_MS = 60_000;

let lab: DaemonLab;

beforeEach(() => {
  lab = new DaemonLab();
});
afterEach(() => lab.close(), PATIENCE_MS);

const one = z.looseObject({ id: z.string(), status: z.string(), turns: z.number() });
const list = z.object({ sessions: z.array(one) });
const refused = z.object({ code: z.string(), message: z.string(), hint: z.string() });

const done: Step = { reply: { text: 'All done, dear person.' } };
/** Says something, and then nothing until the client leaves. */
const stalled: Step = { reply: { text: 'I begin with it.' }, fault: { kind: 'stalled', after: 4 } };

const turnsIn = ({ messages }: MessagesRequest): number =>
  messages.filter(({ role }) => role === 'assistant').length;

async function begun(url: string, body: Record<string, unknown> = {}): Promise<string> {
  const { json } = await lab.ask(`${url}/sessions`, {
    method: 'POST',
    body: { task: 'Do it', servers: [], ...body },
  });
  return one.parse(json).id;
}

const statusOf = async (url: string, id: string): Promise<string> =>
  one.parse((await lab.ask(`${url}/sessions/${id}`)).json).status;

const whyParked = async (url: string, id: string): Promise<unknown> =>
  one.parse((await lab.ask(`${url}/sessions/${id}`)).json)['parked'];

const becomes = (url: string, id: string, status: string): Promise<void> =>
  vi.waitFor(async () => expect(await statusOf(url, id)).toBe(status), { timeout: PATIENCE_MS });

test('a task is given away with one command, watched with another, and done without a client', async () => {
  await lab.script([done]);
  const given = await lab.run('run', '--detach', 'Do', 'it', '--servers', 'none');
  const id = given.out.trim();
  expect(given.code).toBe(0);
  expect(given.err).toContain(`deskhand attach ${id}`);
  const watched = await lab.run('attach', id);
  expect(watched).toMatchObject({ code: 0, out: 'All done, dear person.\n' });
  expect((await lab.run('sessions')).out).toMatch(/done +1 turns {2}Do it/);
  expect(lab.refusals).toEqual([]);
});

test('Ctrl-C leaves a watched session running, and stop ends it', async () => {
  await lab.script([stalled]);
  const id = (await lab.run('run', '--detach', 'Do it', '--servers', 'none')).out.trim();
  const { child, seen, ended } = lab.start('attach', id);
  await vi.waitFor(() => expect(seen.out).toContain('I begin'), { timeout: PATIENCE_MS });
  child.kill('SIGINT');
  const left = await ended;
  expect([left.code, left.err]).toEqual([0, expect.stringContaining('It goes on.')]);
  expect((await lab.run('sessions')).out).toContain('running');
  const busy = await lab.run('rewind', id, '1');
  expect([busy.code, busy.err]).toEqual([1, expect.stringContaining('deskhand stop')]);
  expect((await lab.run('stop', id)).out).toBe(`Stopped ${id}.\n`);
  expect((await lab.run('sessions')).out).toContain('stopped');
  expect((await lab.run('delete', id)).code).toBe(0);
});

test('only who shows the token from this machine is served', async () => {
  const { url } = await lab.daemon();
  const of = async (headers: Record<string, string>) => {
    const { status, json } = await lab.ask(`${url}/sessions`, { headers });
    return [status, status === 200 ? list.parse(json) : refused.parse(json).code];
  };
  expect(await of({})).toEqual([200, { sessions: [] }]);
  expect(await of({ Authorization: 'Bearer wrong' })).toEqual([401, 'unauthorized']);
  expect(await of({ Authorization: '', Cookie: `token=${lab.token}` })).toEqual([401, 'unauthorized']);
  expect(await of({ Origin: new URL(url).origin })).toEqual([200, { sessions: [] }]);
  expect(await of({ Origin: 'https://evil.example' })).toEqual([403, 'forbidden']);
  expect(await of({ Origin: 'null' })).toEqual([403, 'forbidden']);
});

test('what is asked wrongly is told, and changes nothing', async () => {
  const { url } = await lab.daemon();
  const of = async (path: string, asked: Parameters<DaemonLab['ask']>[1]) => {
    const { status, json } = await lab.ask(`${url}${path}`, asked);
    return [status, refused.parse(json).code];
  };
  const post = (body: unknown, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers });
  expect(await of('/sessions', post({ task: 'x', rights: 'all' }))).toEqual([400, 'invalid']);
  expect(await of('/sessions', post({ task: 'x', servers: ['nobody'] }))).toEqual([400, 'usage']);
  expect(await of('/sessions', post({ task: 'x' }, { 'Content-Type': 'text/plain' }))).toEqual([
    415,
    'refused',
  ]);
  expect(await of('/sessions', post({ task: 'x'.repeat(5_000_000) }))).toEqual([413, 'too_large']);
  expect(await of('/sessions', { method: 'DELETE' })).toEqual([405, 'method']);
  expect(await of('/elsewhere', {})).toEqual([404, 'unknown']);
  expect(await of('/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV', {})).toEqual([404, 'session_unknown']);
  expect(await of('/sessions/..%2F..%2Fdaemons', {})).toEqual([404, 'unknown']);
  expect((await lab.ask(`${url}/sessions`)).json).toEqual({ sessions: [] });
  expect((await lab.ask(`${url}/openapi.json`)).json).toMatchObject({ openapi: '3.1.0' });
});

test('a stream that is cut anywhere goes on without a gap or a double, for each client, after a restart too', async () => {
  await lab.script((request) => (turnsIn(request) < 4 ? call(turnsIn(request)) : done));
  const { url } = await lab.daemon();
  const id = await begun(url);
  const events = `${url}/sessions/${id}/events`;
  const [live, other] = await Promise.all([lab.events(events), lab.events(events)]);
  const all = live.seqs.map((_, at) => at + 1);
  expect([live.seqs, other.seqs]).toEqual([all, all]);
  expect(one.parse(JSON.parse(live.last?.data ?? ''))).toMatchObject({ id, status: 'done' });
  const log = readFileSync(join(lab.state, 'sessions', id, 'events.jsonl'), 'utf8');
  expect(log.trimEnd().split('\n')).toHaveLength(all.length);
  for (const cut of all) {
    const before = await lab.events(events, { enough: (seq) => seq === cut });
    const after = await lab.events(events, { headers: { 'Last-Event-ID': String(cut) } });
    expect([...before.seqs, ...after.seqs]).toEqual(all);
  }
  expect((await lab.run('daemon', 'restart')).code).toBe(0);
  const { url: again } = lab.info;
  expect(again).toBe(url);
  expect((await lab.events(`${again}/sessions/${id}/events?after=3`)).seqs).toEqual(all.slice(3));
});

/** A call that the host answers by itself. */
const call = (turn: number): Step => ({
  reply: { text: `Turn ${turn}.`, toolCalls: [{ name: 'no_such_tool', input: { turn } }] },
});

test('what is said between goes into the session that is open, and the same one goes on', async () => {
  await lab.script((request) => ({ reply: { text: `Answer ${turnsIn(request) + 1}.` } }));
  const { url } = await lab.daemon();
  const id = await begun(url);
  await becomes(url, id, 'done');
  await lab.ask(`${url}/sessions/${id}/messages`, { method: 'POST', body: { text: 'And now that' } });
  await becomes(url, id, 'done');
  const { json } = await lab.ask(`${url}/sessions/${id}`);
  expect(one.parse(json).turns).toBe(2);
  expect(lab.refusals).toEqual([]);
});

/** Asks for a file to be removed, which a person has to allow, and is done when that was answered. */
const removing: Steps = (request) => {
  if (turnsIn(request) > 0) return done;
  const folder = /\/sessions\/\w+\/mnt\/old/.exec(JSON.stringify(request.messages))?.[0] ?? '';
  const input = { command: `rm -rf ${folder}/a.txt` };
  return { reply: { toolCalls: [{ name: 'workspace__Bash', input }] } };
};

test('a question waits for a person, whoever watches, and is answered once', async () => {
  const folder = join(lab.home, 'old');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'x');
  await lab.script(removing);
  const { url } = await lab.daemon();
  const mounts = [{ name: 'old', path: folder }];
  const id = await begun(url, { servers: ['workspace'], mounts });
  await becomes(url, id, 'waiting');
  expect((await lab.run('sessions')).out).toMatch(/question .*\n +asks for workspace Bash: deskhand resume/);
  const answer = (body: unknown) => lab.ask(`${url}/sessions/${id}/answers`, { method: 'POST', body });
  expect((await answer({ answer: 'once', question: 'another' })).status).toBe(422);
  expect((await answer({ answer: 'maybe' })).status).toBe(400);
  expect(existsSync(join(folder, 'a.txt'))).toBe(true);
  const answered = await lab.run('resume', id, '--answer', 'once');
  expect(answered.code).toBe(0);
  expect([existsSync(join(folder, 'a.txt')), await statusOf(url, id)]).toEqual([false, 'done']);
  expect((await answer({ answer: 'once' })).status).toBe(422);
  expect(lab.refusals).toEqual([]);
});

test('a daemon that is killed leaves no process, and goes on with what ran only when it is told to', async () => {
  let isMending = false;
  await lab.script(() => (isMending ? done : stalled));
  const { pid, url } = await lab.daemon();
  const id = await begun(url, { servers: ['workspace'] });
  expect(lab.processes().length).toBeGreaterThan(2);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: PATIENCE_MS });
  isMending = true;
  const second = await lab.daemon();
  expect(await statusOf(second.url, id)).toBe('interrupted');
  expect(await whyParked(second.url, id)).toEqual({ why: 'stopped', message: 'Its daemon died.' });
  expect((await lab.run('sessions')).out).toContain('interrupted');
  process.kill(second.pid, 'SIGKILL');
  await vi.waitFor(() => expect(lab.processes()).toEqual([]), { timeout: PATIENCE_MS });
  const third = await lab.daemon('--resume');
  await becomes(third.url, id, 'done');
  expect(lab.refusals).toEqual([]);
});

test('a session whose daemon is gone before it hears of its begin is parked all the same', async () => {
  await lab.script(() => stalled);
  const id = '01JQ8Z5V7E3K9M4N6P2R8T0WXY';
  const { child, ended } = lab.worker();
  child.stdin.write(`${JSON.stringify({ do: 'run', n: 1, id, session: { task: 'Do it', servers: [] } })}\n`);
  child.stdout.destroy();
  expect(await ended).toMatchObject({ err: '' });
  const { url } = await lab.daemon();
  expect(await whyParked(url, id)).toEqual({ why: 'stopped', message: 'Its daemon died.' });
  expect(lab.processes()).toEqual([lab.info.pid]);
});

test('a session whose process is killed is interrupted, others are not, and it goes on when it is told to', async () => {
  let isMending = false;
  const isOther = ({ messages }: MessagesRequest): boolean => JSON.stringify(messages).includes('Another');
  await lab.script((request) => (isMending && !isOther(request) ? done : stalled));
  const { pid, url } = await lab.daemon();
  const id = await begun(url);
  const [worker = 0] = lab.processes().filter((one) => one !== pid);
  const other = await begun(url, { task: 'Another' });
  process.kill(worker, 'SIGKILL');
  const { last } = await lab.events(`${url}/sessions/${id}/events`);
  expect(one.parse(JSON.parse(last?.data ?? ''))).toMatchObject({ status: 'interrupted' });
  expect(await statusOf(url, other)).toBe('running');
  isMending = true;
  await lab.ask(`${url}/sessions/${id}/resume`, { method: 'POST', body: {} });
  await becomes(url, id, 'done');
  await lab.ask(`${url}/sessions/${other}/stop`, { method: 'POST', body: {} });
  expect(await statusOf(url, other)).toBe('parked');
  expect(lab.refusals).toEqual([]);
});

test('two hundred sessions are listed, and a fork goes its own way', async () => {
  await lab.script([done]);
  const { url } = await lab.daemon();
  const id = await begun(url);
  await becomes(url, id, 'done');
  const fork = () => lab.ask(`${url}/sessions/${id}/fork`, { method: 'POST', body: {} });
  const forks = await Promise.all(Array.from({ length: 200 }, fork));
  expect(new Set(forks.map(({ json }) => one.parse(json).id)).size).toBe(200);
  const { sessions } = list.parse((await lab.ask(`${url}/sessions`)).json);
  expect(sessions.map(({ status }) => status)).toEqual(Array.from({ length: 201 }, () => 'done'));
  expect((await lab.run('sessions')).out.trimEnd().split('\n')).toHaveLength(201);
});

test('readers that stall hold nothing up, and no memory', async () => {
  await lab.script([done]);
  const { pid, url } = await lab.daemon();
  const id = await begun(url);
  await becomes(url, id, 'done');
  await lab.ask(`${url}/sessions/${id}/stop`, { method: 'POST', body: {} });
  const path = join(lab.state, 'sessions', id, 'events.jsonl');
  const log = readFileSync(path, 'utf8');
  const last = log.trimEnd().split('\n').length;
  const text = 'x'.repeat(15_000);
  const more = Array.from({ length: 2_000 }, (_, at) =>
    JSON.stringify({
      kind: 'noted',
      topic: 't',
      text,
      v: 1,
      seq: last + 1 + at,
      at: new Date(0).toISOString(),
    }),
  );
  writeFileSync(path, `${log}${more.join('\n')}\n`);
  const before = residentOf(pid);
  const leaving = new AbortController();
  const headers = { Authorization: `Bearer ${lab.token}` };
  const stall = () => fetch(`${url}/sessions/${id}/events`, { headers, signal: leaving.signal });
  const responses = await Promise.all(Array.from({ length: 20 }, stall));
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  const { seqs } = await lab.events(`${url}/sessions/${id}/events`);
  expect(seqs).toHaveLength(last + 2_000);
  // 20 readers of 30 MB each
  expect(residentOf(pid) - before).toBeLessThan(200_000);
  leaving.abort();
});

/** In kB. */
const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
