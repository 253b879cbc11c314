import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Session } from '../src/index.ts';
import { Lab } from './lab/lab.ts';

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});
afterEach(() => lab.close());

const say = (session: Session, words: string): number =>
  session.append({ kind: 'said', content: [{ type: 'text', text: words }] }).seq;

const wordsOf = (session: Session): readonly string[] => session.state.pinned.words;

test('a session is a private folder, and comes back as it was', async () => {
  const session = await lab.begin({ words: 'Sum up' });
  const { state, folder } = session;
  session.close();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'events.jsonl')).mode & 0o777).toBe(0o600);
  const again = await lab.sessions.open(session.id);
  expect(again.state).toEqual(state);
  again.close();
});

test('two hosts do not run one session; when the first has left, the second may', async () => {
  const session = await lab.begin();
  await expect(lab.sessions.open(session.id)).rejects.toMatchObject({ code: 'session_busy' });
  expect(lab.sessions.read(session.id)).toEqual(session.events);
  session.close();
  (await lab.sessions.open(session.id)).close();
});

test('long texts and pictures lie beside the log; what looks like a mark of theirs is only text', async () => {
  const session = await lab.begin();
  const long = 'x'.repeat(20_000);
  const input = { $blob: 'f'.repeat(64), $$blob: { $blob: 1 }, text: long };
  session.append({
    ...{ kind: 'answered', model: 'm', requestId: null, stop: 'calls' },
    content: [{ type: 'call', id: 'a', name: 'tool', input }],
    usage: { input: 0, cacheRead: 0, cacheWrite: { short: 0, long: 0 }, output: 0 },
  });
  const { state } = session;
  session.close();
  expect(statSync(join(session.folder, 'events.jsonl')).size).toBeLessThan(20_000);
  const again = await lab.sessions.open(session.id);
  expect(again.state).toEqual(state);
  again.close();
});

test('a blob that was changed is not taken for what it was', async () => {
  const session = await lab.begin({ words: 'y'.repeat(20_000) });
  session.close();
  const line = readFileSync(join(session.folder, 'events.jsonl'), 'utf8');
  const [, sha256 = ''] = /"\$blob":"([0-9a-f]{64})"/.exec(line) ?? [];
  const path = join(session.folder, 'blobs', sha256);
  expect(existsSync(path)).toBe(true);
  writeFileSync(path, 'z');
  await expect(lab.sessions.open(session.id)).rejects.toMatchObject({ code: 'session_broken' });
});

test('a line in the middle that is no event is named, and nothing is cut', async () => {
  const session = await lab.begin();
  say(session, 'more');
  session.close();
  const path = join(session.folder, 'events.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  const broken = [lines[0], '{"v":9}', ...lines.slice(2)].join('\n');
  writeFileSync(path, broken);
  await expect(lab.sessions.open(session.id)).rejects.toThrow('Line 2 of events.jsonl');
  expect(readFileSync(path, 'utf8')).toBe(broken);
});

test('a session that was killed before its first line says so, and can be deleted', async () => {
  const session = await lab.begin();
  session.close();
  writeFileSync(join(session.folder, 'events.jsonl'), '{"v":1,"seq":1');
  await expect(lab.sessions.open(session.id)).rejects.toMatchObject({ code: 'session_broken' });
  expect(lab.sessions.list()).toEqual([]);
  await lab.sessions.delete(session.id);
  expect(existsSync(session.folder)).toBe(false);
});

test('a fork knows what the session knew, goes its own way, and paid for nothing', async () => {
  const session = await lab.begin({ words: 'one' });
  const at = say(session, 'two');
  session.append({ kind: 'asked', most: 5, for: 'turn' });
  say(session, 'three');
  const fork = await lab.sessions.fork(session.id, at);
  say(fork, 'other');
  expect(wordsOf(fork)).toEqual(['one', 'two', 'other']);
  expect(wordsOf(session)).toEqual(['one', 'two', 'three']);
  expect(fork.state.spent).toEqual({ turns: [], unsettled: 0 });
  expect(fork.id).not.toBe(session.id);
  fork.close();
  session.close();
  const again = await lab.sessions.open(fork.id);
  expect(wordsOf(again)).toEqual(['one', 'two', 'other']);
  again.close();
});

test('rewound, a session is as it was, but for the money; the log keeps all', async () => {
  const session = await lab.begin({ words: 'one' });
  const at = session.events.length;
  session.append({ kind: 'asked', most: 5, for: 'turn' });
  say(session, 'two');
  session.rewind(at);
  say(session, 'three');
  expect(wordsOf(session)).toEqual(['one', 'three']);
  expect(session.state.spent.unsettled).toBe(5);
  session.close();
  const again = await lab.sessions.open(session.id);
  expect([wordsOf(again), again.state.spent.unsettled]).toEqual([['one', 'three'], 5]);
  expect(again.events.filter(({ kind }) => kind === 'said')).toHaveLength(3);
  again.close();
});

test('an event that is not there is neither gone back to nor forked at, and the last one is both', async () => {
  const session = await lab.begin({ words: 'one' });
  const last = session.events.length;
  const unknown = { code: 'event_unknown', hint: `See their numbers: deskhand export ${session.id}` };
  expect(() => session.rewind(last + 1)).toThrow(expect.objectContaining(unknown));
  expect(session.events).toHaveLength(last);
  await expect(lab.sessions.fork(session.id, last + 1)).rejects.toMatchObject(unknown);
  expect(lab.sessions.ids()).toEqual([session.id]);
  const fork = await lab.sessions.fork(session.id, last);
  expect(wordsOf(fork)).toEqual(['one']);
  fork.close();
  session.rewind(last);
  expect(wordsOf(session)).toEqual(['one']);
  session.close();
});

test('sessions are found by a part of their id, and the newest as the last one', async () => {
  const first = await lab.begin();
  first.close();
  const second = await lab.begin();
  second.close();
  expect(lab.sessions.find(first.id.slice(-6).toLowerCase())).toBe(first.id);
  expect(lab.sessions.list().map(({ id }) => id)).toEqual([lab.sessions.find('last'), expect.any(String)]);
  expect(() => lab.sessions.find('01')).toThrow('Several sessions');
  expect(() => lab.sessions.find('nothing')).toThrow('There is no session nothing');
  await expect(lab.sessions.open('../x')).rejects.toMatchObject({ code: 'session_unknown' });
});

test('only the id of a session names a folder, and no path does', async () => {
  const { id, folder } = await lab.begin();
  expect([lab.sessions.has(id), lab.sessions.folderOf(id)]).toEqual([true, folder]);
  const gone = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const name of [gone, id.toLowerCase(), `${id}/blobs`, `../sessions/${id}`, '..', '']) {
    expect(lab.sessions.has(name)).toBe(false);
    expect(() => lab.sessions.folderOf(name)).toThrow(`There is no session ${name}`);
  }
});
