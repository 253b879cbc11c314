import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { bins, serveBin, type ServedBin } from './served-bin.ts';

const INFO = { name: 'tests', version: '0.0.0' };

let server: ServedBin;
beforeAll(async () => {
  server = await serveBin('conformance-fixture');
});
afterAll(() => server.close());

/** What every client must be able to do, whichever SDK it is built with. */
interface Spoken {
  tools(): Promise<readonly string[]>;
  call(name: string): Promise<unknown>;
}

const overStdio = () => ({
  command: process.execPath,
  args: [bins['conformance-fixture']],
  env: { PATH: process.env['PATH'] ?? '', DESKHAND_HOME: join(server.folder, 'stdio') },
  stderr: 'ignore' as const,
});
const headers = () => ({ requestInit: { headers: { authorization: `Bearer ${server.token}` } } });
const url = () => new URL(server.ownUrl);

async function oldClient(door: 'stdio' | 'HTTP'): Promise<Spoken> {
  const client = new OldClient(INFO);
  onTestFinished(() => client.close());
  const transport = door === 'stdio' ? new OldStdio(overStdio()) : new OldHttp(url(), headers());
  // their own transports do not fit their own interface under exactOptionalPropertyTypes
  await client.connect(z.custom<Parameters<OldClient['connect']>[0]>().parse(transport));
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name) => client.callTool({ name, arguments: {} }),
  };
}

const newClient =
  (mode: 'legacy' | 'auto' | { readonly pin: string }) =>
  async (door: 'stdio' | 'HTTP'): Promise<Spoken> => {
    const client = new Client(INFO, { versionNegotiation: { mode } });
    onTestFinished(() => client.close());
    await client.connect(
      door === 'stdio'
        ? new StdioClientTransport(overStdio())
        : new StreamableHTTPClientTransport(url(), headers()),
    );
    return {
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: (name) => client.callTool({ name, arguments: {} }),
    };
  };

describe.each([
  ['of the v1 SDK', oldClient],
  ['of the v2 SDK in the 2025 era', newClient('legacy')],
  ['of the v2 SDK that finds out', newClient('auto')],
  ['of the v2 SDK in 2026-07-28', newClient({ pin: '2026-07-28' })],
] as const)('a client %s', (_name, connect) => {
  test.each(['stdio', 'HTTP'] as const)('lists and calls tools over %s', async (door) => {
    const client = await connect(door);
    expect(await client.tools()).toContain('test_simple_text');
    expect(await client.call('test_simple_text')).toMatchObject({
      content: [{ type: 'text', text: 'This is a simple text response for testing.' }],
    });
    expect(await client.call('test_error_handling')).toMatchObject({ isError: true });
  });
});
