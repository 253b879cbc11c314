import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { Live, type Tool } from '../../src/index.ts';
import { gate, simpleTool } from '../fixtures.ts';
import { breakableWire } from './breakable-wire.ts';
import { httpClient, served } from './fixtures.ts';

const yes = { action: 'accept' as const, content: { sure: true } };

async function oldClient(
  url: string,
  token: string,
): Promise<{ client: OldClient; transport: OldTransport }> {
  const client = new OldClient({ name: 'old', version: '0.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => yes);
  const transport = new OldTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  // The SDK's transport has `sessionId: string | undefined`, which its own Transport type does not allow.
  await client.connect(new Proxy(transport, {}));
  onTestFinished(() => client.close());
  return { client, transport };
}

test('a client of the first SDK lists, calls, is asked, and ends its session', async () => {
  const ended: string[] = [];
  const { service, owner, opened } = await served({ onSessionEnd: (id) => ended.push(id) });
  const { client, transport } = await oldClient(service.url, owner);
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo', 'ask', 'whoami']);
  expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
    content: [{ type: 'text', text: 'hi' }],
  });
  expect(await client.callTool({ name: 'ask' })).toMatchObject({ content: [{ text: JSON.stringify(yes) }] });
  expect(opened).toEqual([{ id: transport.sessionId, actor: 'owner' }]);
  expect(ended).toEqual([]);
  await transport.terminateSession();
  expect(ended).toEqual(opened.map(({ id }) => id));
});

test.each(['2025', '2026', 'auto'] as const)(
  'a client of the second SDK in mode %s does the same',
  async (mode) => {
    const { service, owner } = await served();
    const client = await httpClient(service.url, { token: owner, mode, answer: () => yes });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo', 'ask', 'whoami']);
    expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
      content: [{ type: 'text', text: 'hi' }],
    });
    expect(await client.callTool({ name: 'ask' })).toMatchObject({
      content: [{ text: JSON.stringify(yes) }],
    });
  },
);

test.each(['2025', '2026'] as const)('progress comes while a call runs in %s', async (mode) => {
  const { passed, open } = gate();
  const slow = simpleTool('slow', async (call) => {
    call.progress(1, 2, 'half');
    await passed;
    return { text: 'done' };
  });
  const { service, owner } = await served({ tools: [slow] });
  const client = await httpClient(service.url, { token: owner, mode });
  const seen: unknown[] = [];
  const result = await client.callTool(
    { name: 'slow' },
    {
      onprogress(progress) {
        seen.push(progress);
        open();
      },
    },
  );
  expect(result).toMatchObject({ content: [{ text: 'done' }] });
  expect(seen).toEqual([{ progress: 1, total: 2, message: 'half' }]);
});

test.each(['2025', '2026'] as const)("a tool asks the client's model in %s", async (mode) => {
  const think = simpleTool('think', async (call) => {
    const messages = [{ role: 'user' as const, text: 'What is it?' }];
    return { text: JSON.stringify(await call.sample({ key: 'thought', messages, maxTokens: 10 })) };
  });
  const { service, owner } = await served({ tools: [think] });
  const client = await httpClient(service.url, { token: owner, mode, model: 'small' });
  expect(await client.callTool({ name: 'think' })).toMatchObject({
    content: [{ text: '{"action":"reply","text":"42","model":"small"}' }],
  });
});

test.each(['2025', '2026'] as const)('a call is cancelled by its client in %s', async (mode) => {
  const started = gate();
  const stopped = gate();
  const hang = simpleTool('hang', async ({ signal }) => {
    started.open();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    stopped.open();
    return { text: 'late' };
  });
  const { service, owner } = await served({ tools: [hang] });
  const client = await httpClient(service.url, { token: owner, mode });
  const giveUp = new AbortController();
  const call = client.callTool({ name: 'hang' }, { signal: giveUp.signal });
  await started.passed;
  giveUp.abort();
  await expect(call).rejects.toThrow();
  await stopped.passed;
  await expect.poll(() => service.active).toBe(0);
  expect(await client.callTool({ name: 'echo', arguments: { text: 'still here' } })).toMatchObject({
    content: [{ text: 'still here' }],
  });
});

test.each(['2025', '2026'] as const)(
  '200 calls at once are all answered, each with its own, in %s',
  async (mode) => {
    const { service, owner } = await served();
    const client = await httpClient(service.url, { token: owner, mode });
    const wanted = Array.from({ length: 200 }, (_, n) => `call ${n}`);
    const results = await Promise.all(
      wanted.map((text) => client.callTool({ name: 'echo', arguments: { text } })),
    );
    expect(results.map(({ content }) => content)).toEqual(wanted.map((text) => [{ type: 'text', text }]));
    await expect.poll(() => service.active).toBe(0);
  },
);

test.each(['2025', '2026'] as const)(
  'a client that listens hears of a changed list of tools in %s',
  async (mode) => {
    const heard = gate();
    const named = (name: string): Tool => simpleTool(name, () => ({ text: name }));
    const tools = new Live<readonly Tool[]>([named('before')]);
    const { service, owner } = await served({ tools });
    const client = await httpClient(service.url, {
      token: owner,
      mode,
      onToolsChanged: () => heard.open(),
    });
    const namesNow = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
    expect(await namesNow()).toEqual(['before']);
    tools.set([named('after')]);
    await heard.passed;
    expect(await namesNow()).toEqual(['after']);
  },
);

test('a client whose connection breaks in a call comes back by itself and gets the answer', async () => {
  const finish = gate();
  const slow = simpleTool('slow', async (call) => {
    call.progress(1);
    await finish.passed;
    return { text: 'done' };
  });
  const { service, owner } = await served({ tools: [slow], allowedHosts: ['127.0.0.1'] });
  const wire = await breakableWire(service.url);
  const client = await httpClient(wire.url, { token: owner, mode: '2025' });
  const onprogress = (): void => {
    wire.cut();
    finish.open();
  };
  const result = await client.callTool({ name: 'slow' }, { onprogress });
  expect(result).toMatchObject({ content: [{ text: 'done' }] });
  expect(wire.cuts).toBeGreaterThan(0);
});
