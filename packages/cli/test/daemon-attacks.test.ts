import type { Step } from '@deskhand/fake-messages';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DaemonLab } from './lab/daemon-lab.ts';

const PATIENCE_MS = 60_000;

const done: Step = { reply: { text: 'All done.' } };
const one = z.looseObject({ id: z.string(), status: z.string() });
const refused = z.strictObject({ code: z.string(), message: z.string(), hint: z.string() });

let lab: DaemonLab;
let url: string;
let pid: number;
/** A session that is done. */
let id: string;

beforeAll(async () => {
  lab = new DaemonLab();
  await lab.script([done]);
  ({ url, pid } = await lab.daemon());
  const { json } = await lab.ask(`${url}/sessions`, { method: 'POST', body: { task: 'Go', servers: [] } });
  ({ id } = one.parse(json));
  await lab.events(`${url}/sessions/${id}/events`);
}, PATIENCE_MS);
afterAll(() => lab.close(), PATIENCE_MS);

const bearer = (): { Authorization: string } => ({ Authorization: `Bearer ${lab.token}` });
const codeOf = (text: string): string => refused.parse(JSON.parse(text)).code;

test.each([
  ['rebound.example', 403],
  ['rebound.example:PORT', 403],
  ['127.0.0.1', 403],
  ['127.0.0.1:1', 403],
  ['localhost.rebound.example:PORT', 403],
  ['127.0.0.1:PORT', 200],
  ['localhost:PORT', 200],
])('a request for the Host %s is answered with %i, with the token too', async (host, status) => {
  const headers = { ...bearer(), Host: host.replace('PORT', new URL(url).port) };
  const answer = await lab.raw(url, '/sessions', { headers });
  expect([answer.status, answer.text.includes(id)]).toEqual([status, status === 200]);
});

test('no route answers without the token, or with that of another home', async () => {
  const document = (await lab.ask(`${url}/openapi.json`)).json;
  const { paths } = z.looseObject({ paths: z.record(z.string(), z.looseObject({})) }).parse(document);
  const other = new DaemonLab();
  await other.daemon();
  const stranger = { Authorization: `Bearer ${other.token}` };
  await other.close();
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replace('{id}', id)] as const),
  );
  expect(all.length).toBeGreaterThan(10);
  for (const [method, path] of all)
    for (const headers of [{}, stranger]) {
      const { status, text } = await lab.raw(url, path, { method, headers });
      expect([path, status, codeOf(text)]).toEqual([path, 401, 'unauthorized']);
    }
  expect((await lab.raw(url, '/sessions', { headers: bearer() })).status).toBe(200);
});

test('a token in an address opens nothing, and is in no log', async () => {
  const query = `?after=0&token=${lab.token}&access_token=${lab.token}`;
  for (const path of [`/sessions/${id}/events${query}`, `//${query}`, `/sessions/${query}`]) {
    expect((await lab.raw(url, path, {})).status).toBe(401);
    expect((await lab.raw(url, path, { headers: bearer() })).status).toBeOneOf([400, 404]);
  }
  expect((await lab.events(`${url}/sessions/${id}/events?after=0`)).seqs.length).toBeGreaterThan(0);
  expect(lab.log).not.toContain(lab.token);
});

test.each([
  '//',
  '//sessions',
  '/sessions/',
  '/sessions/..',
  '/sessions/../daemons/deskhand.token',
  '/sessions/%2e%2e/daemons/deskhand.token',
  '/sessions/..%2F..%2Fdaemons/export',
  '/sessions/%00/export',
  '/sessions/last%2Fexport',
  '/sessions/.',
  '/SESSIONS',
  'http://127.0.0.1/sessions',
  `/sessions/${'0'.repeat(100)}`,
])('there is nothing at %s', async (path) => {
  const { status, text } = await lab.raw(url, path, { headers: bearer() });
  expect([status, codeOf(text)]).toEqual([404, expect.stringMatching(/^(session_)?unknown$/)]);
  expect((await lab.raw(url, `/sessions/${id}`, { headers: bearer() })).status).toBe(200);
});

test('what of a session lies elsewhere, or was changed, is neither streamed nor exported', async () => {
  const fork = async () =>
    one.parse((await lab.ask(`${url}/sessions/${id}/fork`, { method: 'POST' })).json).id;
  const long = 'y'.repeat(20_000);
  const folderOf = (name: string): string => join(lab.state, 'sessions', name);
  const withBlob = async (blob: string): Promise<string> => {
    const name = await fork();
    const path = join(folderOf(name), 'events.jsonl');
    const log = readFileSync(path, 'utf8');
    const seq = log.trimEnd().split('\n').length + 1;
    const about = { v: 1, seq, at: new Date(0).toISOString(), kind: 'noted', topic: 't' };
    writeFileSync(path, `${log}${JSON.stringify({ ...about, text: { $blob: blob } })}\n`);
    return name;
  };
  const exported = async (name: string): Promise<readonly [number, string]> => {
    const { status, text } = await lab.raw(url, `/sessions/${name}/export`, { headers: bearer() });
    return [status, text];
  };
  const sha256 = createHash('sha256').update(long).digest('hex');
  const linked = createHash('sha256').update(lab.token).digest('hex');
  for (const blob of ['../../../daemons/deskhand.token', '/etc/hostname', '', linked]) {
    const name = await withBlob(blob);
    const blobs = join(folderOf(name), 'blobs');
    mkdirSync(blobs, { recursive: true });
    if (blob === linked) symlinkSync(join(lab.state, 'daemons', 'deskhand.token'), join(blobs, linked));
    const { last } = await lab.events(`${url}/sessions/${name}/events`);
    expect([last?.event, codeOf(last?.data ?? '')]).toEqual(['failed', 'session_broken']);
    const [status, text] = await exported(name);
    expect([status, codeOf(text)]).toEqual([409, 'session_broken']);
    expect(text + (last?.data ?? '')).not.toContain(lab.token);
  }
  const name = await withBlob(sha256);
  mkdirSync(join(folderOf(name), 'blobs'), { recursive: true });
  writeFileSync(join(folderOf(name), 'blobs', sha256), long);
  const { seqs, last } = await lab.events(`${url}/sessions/${name}/events`);
  expect([seqs.length > 0, last?.event]).toEqual([true, 'end']);
  expect((await exported(name))[0]).toBe(200);
  const watching = await lab.run('attach', await withBlob(linked));
  expect([watching.code, watching.err]).toEqual([1, expect.stringContaining('is gone or was changed')]);
});

test('a body that is too large is refused, also in pieces, and one that never ends is let go', async () => {
  const begin = `POST /sessions HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: Bearer ${lab.token}\r\n`;
  const slow = everythingFrom(`${begin}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"task`);
  const body = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 50; i += 1) controller.enqueue(new Uint8Array(100_000).fill(32));
      controller.close();
    },
  });
  const headers = { ...bearer(), 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body, duplex: 'half' } as const;
  const answer = await fetch(`${url}/sessions`, init);
  expect([answer.status, codeOf(await answer.text())]).toEqual([413, 'too_large']);
  const most = { method: 'POST', headers, body: JSON.stringify({ task: '', more: 'x'.repeat(4_000_000) }) };
  expect((await fetch(`${url}/sessions`, most)).status).toBe(400);
  expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
});

async function everythingFrom(text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test('a thousand event streams are not all opened, hold nobody up, and leave nothing open', async () => {
  const filesOf = (): number => readdirSync(`/proc/${pid}/fd`).length;
  const before = filesOf();
  const leaving = new AbortController();
  const follow = (): Promise<Response> =>
    fetch(`${url}/sessions/${id}/events?follow`, { headers: bearer(), signal: leaving.signal });
  const responses = await Promise.all(Array.from({ length: 1_000 }, follow));
  const open = responses.filter(({ status }) => status === 200);
  const turnedAway = responses.filter(({ status }) => status === 429);
  expect([open.length, turnedAway.length]).toEqual([256, 744]);
  expect((await lab.ask(`${url}/sessions/${id}`)).status).toBe(200);
  leaving.abort();
  await expect.poll(filesOf, { timeout: PATIENCE_MS }).toBeLessThan(before + 10);
  expect((await lab.events(`${url}/sessions/${id}/events`)).last?.event).toBe('end');
});

test('a page that was exported runs nothing, and a session is not told from what it says', async () => {
  const answer = await fetch(`${url}/sessions/${id}/export?format=html`, { headers: bearer() });
  expect(answer.headers.get('content-security-policy')).toBe('sandbox');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await answer.text()).toContain('All done.');
});

test('a process that cannot be started is said, and the daemon lives on', async () => {
  const start = () =>
    lab.ask(`${url}/sessions`, { method: 'POST', body: { task: 'Again', servers: [], maxTurns: 1 } });
  const open = readdirSync(`/proc/${pid}/fd`).length;
  await limitFiles(open + 1);
  const failed = await start();
  await limitFiles(1_024);
  expect([failed.status, refused.parse(failed.json).code]).toEqual([500, 'process_gone']);
  const started = await start();
  expect([started.status, one.parse(started.json).id.length]).toEqual([200, 26]);
});

/** Of files that the daemon may have open, as of a system that has no more. */
const limitFiles = (most: number): Promise<unknown> =>
  once(spawn('prlimit', ['--pid', String(pid), `--nofile=${most}:`]), 'close');
