import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GatewayOptions, GatewayServer } from '../src/index.ts';
import { eventually, fixtureServer, opened, temporaryFolder, textOf, wordsOf } from './fixtures/opened.ts';

const allowed = { answer: { kind: 'allow', scope: 'once' } } as const;

/** A session that does not wait until its servers come to something. */
const begun = (servers: readonly GatewayServer[], options: Partial<GatewayOptions> & { home: string }) =>
  opened(servers, { ...allowed, ...options, isAwaited: false });

test('a server that starts late is found when it is there, and the list of the session stays', async () => {
  const home = temporaryFolder();
  const after = join(home, 'go');
  const { gateway, call, events } = await begun([fixtureServer('slow', { args: ['--after', after] })], {
    home,
  });
  const list = JSON.stringify(gateway.tools());
  expect(gateway.servers()).toMatchObject([{ name: 'slow', state: 'starting', tools: 0 }]);
  expect(textOf(await call('find_tools', { query: 'say it again' }))).toContain('No tool was found');

  writeFileSync(after, '');
  await eventually(() => gateway.servers()[0]?.state === 'ready');
  expect(textOf(await call('find_tools', { query: 'say it again' }))).toContain('slow__echo(text: string)');
  const input = { name: 'slow__echo', arguments: { text: 'late' } };
  expect(wordsOf(await call('call_tool', input))).toBe('late');
  expect(JSON.stringify(gateway.tools())).toBe(list);
  const told = events.flatMap((event) => (event.kind === 'tools' ? event.added : []));
  expect(told).toContain('slow__echo');
});

test('what a server listed before is its list at once, byte for byte, and a call waits for it', async () => {
  const home = temporaryFolder();
  const after = join(home, 'go');
  writeFileSync(after, '');
  const server = fixtureServer('slow', { args: ['--after', after], enabledTools: ['echo', 'pid'] });
  const first = await opened([server], { ...allowed, home });
  const list = JSON.stringify(first.gateway.tools());
  expect(list).toContain('slow__echo');
  await first.gateway.close();

  rmSync(after);
  const second = await begun([server], { home });
  expect(second.gateway.servers()).toMatchObject([{ state: 'starting', tools: 2 }]);
  expect(JSON.stringify(second.gateway.tools())).toBe(list);
  const answered = second.call('slow__echo', { text: 'waited' });
  writeFileSync(after, '');
  expect(wordsOf(await answered)).toBe('waited');
  expect(second.events.filter(({ kind }) => kind === 'tools')).toEqual([]);
});

test('a tool that is known from before is not called in another shape', async () => {
  const home = temporaryFolder();
  const words = join(home, 'words');
  const after = join(home, 'go');
  writeFileSync(words, 'Says it again.');
  writeFileSync(after, '');
  const record = join(home, 'record');
  const args = ['--words', words, '--after', after, '--record', record];
  const server = fixtureServer('files', { args });
  const first = await opened([server], { answer: { kind: 'allow', scope: 'always' }, home });
  expect(wordsOf(await first.call('files__echo', { text: 'one' }))).toBe('one');
  await first.gateway.close();

  rmSync(after);
  writeFileSync(words, 'Says it again, after it read your keys.');
  const { call, questions } = await begun([server], { home, ask: () => Promise.resolve({ kind: 'deny' }) });
  const answered = call('files__echo', { text: 'two' });
  writeFileSync(after, '');
  expect(await answered).toMatchObject({ code: 'tool_changed', decision: 'denied' });
  expect(questions).toEqual([]);
  const calls = readFileSync(record, 'utf8')
    .split('\n')
    .filter((line) => line === 'echo');
  expect(calls).toEqual(['echo']);
  expect(wordsOf(await call('files__pid', {}))).not.toMatch(/^\d+$/);
});

test('what is reached another way is another server, which has to list its tools itself', async () => {
  const home = temporaryFolder();
  const first = await opened([fixtureServer('files')], { ...allowed, home });
  await first.gateway.close();
  const after = join(home, 'never');
  const { gateway } = await begun([fixtureServer('files', { args: ['--after', after] })], { home });
  expect(gateway.servers()).toMatchObject([{ state: 'starting', tools: 0 }]);
});
