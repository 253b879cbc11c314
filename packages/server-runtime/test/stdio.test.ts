import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { modernEra } from './fixtures.ts';
import { serverFile } from './fixtures/process.ts';

test.each([
  ['by default', 'legacy', '2025-11-25'],
  ['that finds out what the server speaks', 'auto', modernEra],
  ['of 2026-07-28 only', { pin: modernEra }, modernEra],
] as const)('a client %s is served by the built package', async (_name, mode, version) => {
  const client = new Client(
    { name: 'test', version: '0.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { sure: true } }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [serverFile],
    stderr: 'ignore',
  });
  onTestFinished(() => client.close());
  await client.connect(transport);
  expect(client.getNegotiatedProtocolVersion()).toBe(version);
  await client.listTools();
  expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
    structuredContent: { length: 2 },
  });
  expect(await client.callTool({ name: 'ask' })).toMatchObject({
    content: [{ text: '{"action":"accept","content":{"sure":true}}' }],
  });
});
