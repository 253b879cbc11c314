import { Client, InMemoryTransport, type ClientOptions } from '@modelcontextprotocol/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { definePrompt, Live } from '../src/index.ts';
import type { DeskhandServer, Prompt, Resource, ResourceTemplate, Tool } from '../src/index.ts';
import { gate, modernEra, plain, recordedServer, simpleTool } from './fixtures.ts';

const quick = simpleTool('quick', () => ({ text: 'done' }));

async function client(
  server: DeskhandServer,
  { era, ...options }: Partial<ClientOptions> & { era: '2025' | '2026' },
): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  server.connect(far);
  const mode = era === '2026' ? { pin: modernEra } : ('legacy' as const);
  const made = new Client({ name: 'test', version: '0' }, { ...options, versionNegotiation: { mode } });
  await made.connect(near);
  onTestFinished(() => made.close());
  return made;
}

const notes: Resource = {
  uri: 'notes://today',
  name: 'today',
  title: 'Today',
  mimeType: 'text/plain',
  icons: [{ src: 'https://example.org/note.png', sizes: ['48x48'] }],
  read: async () => Promise.resolve([{ uri: 'notes://today', text: 'Buy milk.' }]),
};
const template: ResourceTemplate = {
  uriTemplate: 'notes://{folder}/raw',
  name: 'raw',
  suggest: {
    folder: (value, given) => ['work', 'home', given.near ?? ''].filter((one) => one.startsWith(value)),
  },
  read: async (uri, { folder }) =>
    Promise.resolve([
      { uri, mimeType: 'application/octet-stream', blob: Buffer.from(`in ${String(folder)}`) },
    ]),
};
const greeting = definePrompt({
  name: 'greeting',
  title: 'Greeting',
  arguments: z.object({ whom: z.string().describe('Whom to greet'), how: z.string().optional() }),
  suggest: { whom: (value) => ['ann', 'anton', 'bob'].filter((name) => name.startsWith(value)) },
  get: async ({ whom, how = 'kindly' }) =>
    Promise.resolve([
      { role: 'user', content: { type: 'text', text: `Greet ${whom} ${how}` } },
      { role: 'user', content: { type: 'image', data: new Uint8Array([1, 2, 3]), mimeType: 'image/png' } },
    ]),
});

describe.each(['2025', '2026'] as const)('in the protocols of %s', (era) => {
  test('resources are listed and read, as text and as bytes, with a record', async () => {
    const { server, rows } = recordedServer([quick], { resources: [notes, template] });
    const caller = await client(server, { era });
    expect((await caller.listResources()).resources).toEqual([
      {
        uri: 'notes://today',
        name: 'today',
        title: 'Today',
        mimeType: 'text/plain',
        icons: [{ src: 'https://example.org/note.png', sizes: ['48x48'] }],
      },
    ]);
    expect((await caller.listResourceTemplates()).resourceTemplates).toMatchObject([
      { uriTemplate: 'deskhand://results/{id}' },
      { uriTemplate: 'notes://{folder}/raw', name: 'raw' },
    ]);
    expect(await caller.readResource({ uri: 'notes://today' })).toMatchObject({
      contents: [{ uri: 'notes://today', text: 'Buy milk.' }],
    });
    expect(await caller.readResource({ uri: 'notes://work/raw' })).toMatchObject({
      contents: [{ uri: 'notes://work/raw', blob: Buffer.from('in work').toString('base64') }],
    });
    await expect(caller.readResource({ uri: 'notes://nowhere' })).rejects.toMatchObject({ code: -32602 });
    expect(plain(rows)).toEqual([
      { phase: 'intent', name: 'resources/read' },
      { phase: 'outcome', name: 'resources/read', decision: { status: 'ok' } },
      { phase: 'intent', name: 'resources/read' },
      { phase: 'outcome', name: 'resources/read', decision: { status: 'ok' } },
    ]);
  });

  test('a resource that cannot be read says why, and a bug says nothing', async () => {
    const failing = (name: string, error: Error): Resource => ({
      uri: `notes://${name}`,
      name,
      read: async () => Promise.reject(error),
    });
    const { server, logLines } = recordedServer([quick], {
      resources: [failing('broken', new RangeError('secret detail'))],
    });
    const caller = await client(server, { era });
    await expect(caller.readResource({ uri: 'notes://broken' })).rejects.toMatchObject({ code: -32603 });
    await expect(caller.readResource({ uri: 'notes://broken' })).rejects.not.toThrow('secret detail');
    expect(logLines.join()).toContain('secret detail');
  });

  test('prompts are listed and filled in; what does not fit is refused', async () => {
    const { server } = recordedServer([quick], { prompts: [greeting] });
    const caller = await client(server, { era });
    expect((await caller.listPrompts()).prompts).toEqual([
      {
        name: 'greeting',
        title: 'Greeting',
        arguments: [
          { name: 'whom', description: 'Whom to greet', required: true },
          { name: 'how', required: false },
        ],
      },
    ]);
    expect(await caller.getPrompt({ name: 'greeting', arguments: { whom: 'Ann' } })).toMatchObject({
      messages: [
        { role: 'user', content: { type: 'text', text: 'Greet Ann kindly' } },
        { role: 'user', content: { type: 'image', data: 'AQID', mimeType: 'image/png' } },
      ],
    });
    await expect(caller.getPrompt({ name: 'greeting', arguments: {} })).rejects.toMatchObject({
      code: -32602,
    });
    await expect(caller.getPrompt({ name: 'greetings' })).rejects.toThrow('Did you mean `greeting`?');
  });

  test('values of prompts and templates are suggested', async () => {
    const { server } = recordedServer([quick], { prompts: [greeting], resources: [template] });
    const caller = await client(server, { era });
    const suggested = async (ref: object, name: string, value: string): Promise<unknown> => {
      const params = z.object({ type: z.literal('ref/prompt'), name: z.string() }).safeParse(ref);
      const target = params.data ?? { type: 'ref/resource' as const, uri: 'notes://{folder}/raw' };
      const context = { arguments: { near: 'hut' } };
      return (await caller.complete({ ref: target, argument: { name, value }, context })).completion;
    };
    const prompt = { type: 'ref/prompt', name: 'greeting' };
    expect(await suggested(prompt, 'whom', 'an')).toEqual({
      values: ['ann', 'anton'],
      total: 2,
      hasMore: false,
    });
    for (const name of ['how', 'constructor', 'toString', '__proto__']) {
      expect(await suggested(prompt, name, '')).toEqual({ values: [], total: 0, hasMore: false });
    }
    expect(await suggested({}, 'folder', 'h')).toEqual({ values: ['home', 'hut'], total: 2, hasMore: false });
  });

  test('a changed list of tools or prompts is told, and then read anew', async () => {
    const tools = new Live<readonly Tool[]>([quick]);
    const prompts = new Live<readonly Prompt[]>([greeting]);
    const { server } = recordedServer([], { tools, prompts });
    const toolsTold = gate();
    const promptsTold = gate();
    const caller = await client(server, {
      era,
      listChanged: {
        tools: { autoRefresh: false, onChanged: toolsTold.open },
        prompts: { autoRefresh: false, onChanged: promptsTold.open },
      },
    });
    tools.set([quick, simpleTool('more', () => ({ text: 'more' }))]);
    await toolsTold.passed;
    expect((await caller.listTools()).tools.map(({ name }) => name)).toEqual(['quick', 'more']);
    prompts.set([]);
    await promptsTold.passed;
    expect((await caller.listPrompts()).prompts).toEqual([]);
  });

  test('a tool that needs what the client cannot do is refused before it runs', async () => {
    let ran = 0;
    const needy = simpleTool('needy', () => ({ text: String(++ran) }), { needs: ['sampling'] });
    const { server, rows } = recordedServer([needy]);
    const plainClient = await client(server, { era });
    const refused = plainClient.callTool({ name: 'needy' });
    if (era === '2025') {
      expect(await refused).toMatchObject({ structuredContent: { error: { code: 'missing_capability' } } });
    } else {
      await expect(refused).rejects.toMatchObject({
        code: -32021,
        data: { requiredCapabilities: { sampling: {} } },
      });
    }
    expect(ran).toBe(0);
    expect(rows[1]?.decision).toEqual({ status: 'error', code: 'missing_capability' });
    const able = await client(server, { era, capabilities: { sampling: {} } });
    expect(await able.callTool({ name: 'needy' })).toMatchObject({ content: [{ text: '1' }] });
  });

  test('three things asked at once are all answered, and the record has each', async () => {
    const asking = simpleTool('asking', async (call) => {
      const schema = z.object({ name: z.string() });
      const answers = await Promise.all([
        call.elicit({ key: 'name', message: 'Who?', schema }),
        call.sample({ key: 'greeting', messages: [{ role: 'user', text: 'Greet' }], maxTokens: 9 }),
        call.roots({ key: 'folders' }),
      ]);
      return { text: JSON.stringify(answers) };
    });
    const { server, rows } = recordedServer([asking]);
    const caller = await client(server, { era, capabilities: { elicitation: {}, sampling: {}, roots: {} } });
    caller.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ann' } }));
    caller.setRequestHandler('sampling/createMessage', () => ({
      role: 'assistant',
      content: { type: 'text', text: 'Hello' },
      model: 'm1',
    }));
    caller.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///home', name: 'home' }] }));
    const result = await caller.callTool({ name: 'asking' });
    expect(result.content).toEqual([
      {
        type: 'text',
        text: JSON.stringify([
          { action: 'accept', content: { name: 'Ann' } },
          { action: 'reply', text: 'Hello', model: 'm1' },
          { action: 'roots', roots: [{ uri: 'file:///home', name: 'home' }] },
        ]),
      },
    ]);
    const asked = rows.filter(({ phase }) => phase === 'note').map(({ decision }) => decision);
    expect(asked).toEqual(
      expect.arrayContaining([
        { asked: 'name', action: 'accept' },
        { asked: 'greeting', action: 'reply' },
        { asked: 'folders', action: 'roots' },
      ]),
    );
  });

  test('a prompt can ask first', async () => {
    const asking = definePrompt({
      name: 'asking',
      arguments: z.object({}),
      async get(_args, call) {
        const answer = await call.elicit({ key: 'k', message: 'Sure?', schema: z.object({}) });
        return [{ role: 'user', content: { type: 'text', text: answer.action } }];
      },
    });
    const { server } = recordedServer([quick], { prompts: [asking] });
    const caller = await client(server, { era, capabilities: { elicitation: {} } });
    caller.setRequestHandler('elicitation/create', () => ({ action: 'decline' }));
    expect(await caller.getPrompt({ name: 'asking' })).toMatchObject({
      messages: [{ content: { text: 'decline' } }],
    });
  });
});

test('in 2025 a subscriber is told of changes, until it has had enough', async () => {
  const changes = new Live(0);
  const { server } = recordedServer([quick], { resources: [{ ...notes, changes }, template] });
  const caller = await client(server, { era: '2025' });
  const told: string[] = [];
  let heard = gate();
  caller.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    told.push(params.uri);
    heard.open();
  });
  changes.set(1);
  await caller.subscribeResource({ uri: 'notes://today' });
  changes.set(2);
  await heard.passed;
  heard = gate();
  await caller.unsubscribeResource({ uri: 'notes://today' });
  changes.set(3);
  await caller.listTools();
  expect(told).toEqual(['notes://today']);
});

test('messages reach a 2025 client from the level on that it set', async () => {
  const telling = simpleTool('telling', (call) => {
    call.tellClient('debug', 'small');
    call.tellClient('warning', 'big');
    return { text: 'told' };
  });
  const { server } = recordedServer([telling], { logging: true });
  const caller = await client(server, { era: '2025' });
  const heard: unknown[] = [];
  caller.setNotificationHandler('notifications/message', ({ params }) => {
    heard.push([params.level, params.data]);
  });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- still part of the 2025 protocols
  await caller.setLoggingLevel('info');
  await caller.callTool({ name: 'telling' });
  expect(heard).toEqual([['warning', 'big']]);
});

test('answers hold every kind of content, in order', async () => {
  const all = simpleTool('all', () => ({
    text: 'first',
    images: [{ data: 'AQID', mimeType: 'image/png' }],
    blocks: [
      { type: 'audio', data: new Uint8Array([1, 2, 3]), mimeType: 'audio/wav' },
      { type: 'resource', resource: { uri: 'a://b', text: 'inside' } },
      { type: 'resource', resource: { uri: 'a://c', blob: new Uint8Array([1, 2, 3]) } },
      { type: 'resource_link', uri: 'a://d', name: 'there', size: 3 },
      { type: 'text', text: 'last' },
    ],
  }));
  const caller = await client(recordedServer([all]).server, { era: '2026' });
  const result = await caller.callTool({ name: 'all' });
  expect(result.structuredContent).toBeUndefined();
  expect(result.content).toEqual([
    { type: 'text', text: 'first' },
    { type: 'image', data: 'AQID', mimeType: 'image/png' },
    { type: 'audio', data: 'AQID', mimeType: 'audio/wav' },
    { type: 'resource', resource: { uri: 'a://b', text: 'inside' } },
    { type: 'resource', resource: { uri: 'a://c', blob: 'AQID' } },
    { type: 'resource_link', uri: 'a://d', name: 'there', size: 3 },
    { type: 'text', text: 'last' },
  ]);
});

test('lists that cannot change may be kept by clients, others not', async () => {
  const hints = async (tools: readonly Tool[] | Live<readonly Tool[]>): Promise<unknown> =>
    (await client(recordedServer([], { tools }).server, { era: '2026' })).listTools();
  expect(await hints([quick])).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' });
  expect(await hints(new Live([quick]))).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
});
