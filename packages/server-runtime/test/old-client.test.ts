import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { serverFile } from './fixtures/process.ts';

async function oldClient(args: readonly string[] = []): Promise<Client> {
  const client = new Client({ name: 'old', version: '0.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { sure: true } }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [serverFile, ...args],
    stderr: 'ignore',
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

test('a client of the first SDK lists, calls, is asked, and reads errors of tools with an output schema', async () => {
  const client = await oldClient();
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual(['echo', 'ask', 'hang', 'leak']);
  expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
    content: [{ type: 'text', text: 'hi' }],
    structuredContent: { length: 2 },
  });
  expect(await client.callTool({ name: 'ask' })).toMatchObject({
    content: [{ text: '{"action":"accept","content":{"sure":true}}' }],
  });
  expect(await client.callTool({ name: 'echo', arguments: { txt: 'hi' } })).toMatchObject({
    isError: true,
    structuredContent: { error: { code: 'invalid_arguments' } },
  });
});

test('--tools and --read-only decide what is offered', async () => {
  const named = await oldClient(['--tools', 'hang,echo']);
  expect((await named.listTools()).tools.map((tool) => tool.name)).toEqual(['echo', 'hang']);
  const reading = await oldClient(['--read-only']);
  expect((await reading.listTools()).tools.map((tool) => tool.name)).toEqual(['echo']);
  expect(await reading.callTool({ name: 'hang' })).toMatchObject({
    structuredContent: { error: { code: 'unknown_tool' } },
  });
});

test('--approvals decline answers for the person', async () => {
  const client = await oldClient(['--approvals', 'decline']);
  expect(await client.callTool({ name: 'ask' })).toMatchObject({
    content: [{ text: '{"action":"decline"}' }],
  });
});
