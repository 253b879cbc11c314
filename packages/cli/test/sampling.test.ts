import { openGrantStore } from '@deskhand/grants';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const ASKER = new URL('../../gateway/test/fixtures/asker.mjs', import.meta.url).pathname;
const ONLY = ['--servers', 'asker'];

const request = {
  messages: [{ role: 'user', content: { type: 'text', text: 'What is 2 + 2?' } }],
  systemPrompt: 'Be short.',
  maxTokens: 100,
};
const asks = calls('call_tool', { name: 'asker__sample', arguments: { request } });

test('a server asks the model when the person allows it, with its own words alone and at the cost of the session', async () => {
  const host = new HostProcess();
  let sampled: unknown;
  await host.script(
    asks,
    {
      expect: ({ system, messages, tools }) => void (sampled = { system, messages, tools }),
      reply: { text: 'Four.' },
    },
    DONE,
  );
  await host.run('mcp', 'add', 'asker', '--sampling', '--', process.execPath, ASKER);
  expect((await host.run('mcp', 'list')).out).toContain('  may ask the model\n');
  const parked = await host.run('run', 'Go', '--unattended', ...ONLY);
  expect(parked.code).toBe(3);
  const again = await host.run('resume', 'last', '--answer', 'session', '--unattended', ...ONLY);
  expect([again.code, host.api.requests.length]).toEqual([3, 1]);
  const done = await host.run('resume', 'last', '--answer', 'session', '--unattended', ...ONLY);
  expect([done.code, done.out]).toEqual([0, 'All done.\n']);
  expect(JSON.stringify(sampled)).toContain('Be short.');
  expect(JSON.stringify(sampled)).toContain('What is 2 + 2?');
  expect(JSON.stringify(sampled)).not.toMatch(/Go|asker__/);
  expect(JSON.stringify(host.api.requests.at(-1))).toContain('Four.');
  expect((await host.run('cost', '--by', 'tool')).out).toMatch(
    /sampling\/createMessage +\$0\.\d{4} +1 calls/,
  );
  expect((await host.run('ledger', 'verify')).code).toBe(0);
});

test('a server is refused the model when there is no money for it, and the session goes on', async () => {
  const host = new HostProcess();
  const much = { pad: 190_000, request: { ...request, maxTokens: 4096 } };
  await host.script(calls('call_tool', { name: 'asker__sample', arguments: much }), DONE);
  await host.run('mcp', 'add', 'asker', '--sampling', '--', process.execPath, ASKER);
  const limits = ['--max-usd', '0.3', '--unattended', ...ONLY];
  expect((await host.run('run', 'Go', ...limits)).code).toBe(3);
  expect((await host.run('resume', 'last', '--answer', 'session', ...limits)).code).toBe(3);
  const done = await host.run('resume', 'last', '--answer', 'session', ...limits);
  expect([done.code, done.out]).toEqual([0, 'All done.\n']);
  expect(JSON.stringify(host.api.requests.at(-1))).toContain('leaves no room');
  expect(host.api.requests).toHaveLength(2);
});

test('an answer of the model to a server calls no tool, whatever it says', async () => {
  const host = new HostProcess();
  const record = join(host.home, 'record');
  const need = { name: 'asker__need', input: { url: 'https://a.example/' } };
  const answers = (text: string) => ({ reply: { text, toolCalls: [need] } });
  await host.script(asks, answers('Four.'), DONE);
  await host.run('mcp', 'add', 'asker', '--sampling', '--', process.execPath, ASKER, record);
  const store = await openGrantStore({ home: host.state });
  const resource = { kind: 'tool', server: 'asker', name: '*' } as const;
  await store.add({ subject: '*', resource, decision: 'allow', scope: 'always', origin: 'policy' });
  store.close();
  expect(await host.run('run', 'Go', '--unattended', ...ONLY)).toMatchObject({ code: 0, out: 'All done.\n' });
  const [, sampled, last] = host.api.requests;
  expect(sampled?.tools ?? []).toEqual([]);
  expect(JSON.stringify(last)).toContain('Four.');
  expect(JSON.stringify(last)).not.toContain('a.example');
  expect(existsSync(record)).toBe(false);

  await host.script(answers('I need it.'), DONE);
  await host.run('run', 'Go', '--unattended', ...ONLY);
  expect(existsSync(record)).toBe(true);
});
