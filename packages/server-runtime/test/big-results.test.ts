import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Tool, ToolResult } from '../src/index.ts';
import { connected, recordedServer, simpleTool } from './fixtures.ts';

const kib = 1024;
const cap = 256 * kib;

const answer = z.object({
  content: z.array(
    z.object({
      type: z.string(),
      text: z.string().optional(),
      uri: z.string().optional(),
      size: z.number().optional(),
    }),
  ),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});

async function answered(
  result: ToolResult,
  more: Partial<Tool> = {},
): Promise<{
  readonly client: Client;
  readonly content: z.output<typeof answer>['content'];
  readonly structured: Record<string, unknown> | undefined;
}> {
  const { server } = recordedServer([simpleTool('big', () => result, more)]);
  const client = await connected(server, { era: '2025' });
  await client.listTools();
  const { content, structuredContent } = answer.parse(await client.callTool({ name: 'big' }));
  return { client, content, structured: structuredContent };
}

async function read(client: Client, uri = ''): Promise<unknown> {
  const { contents } = await client.readResource({ uri });
  return contents[0];
}

const size = z.object({ text: z.string() }).transform(({ text }) => text.length);

describe('text', () => {
  test('of just the cap is sent as it is', async () => {
    const { content } = await answered({ text: 'x'.repeat(cap) });
    expect(content.map(({ text }) => text?.length)).toEqual([cap]);
  });

  test('beyond it starts inline, says how much is missing, and goes on behind a link', async () => {
    const text = 'ab€'.repeat(60_000);
    const { client, content } = await answered({ text });
    const [first, said, link] = content;
    const rest = await read(client, link?.uri);
    expect(content).toHaveLength(3);
    const bytes = Buffer.byteLength(first?.text ?? '');
    expect(cap - bytes).toBeLessThan('€'.length * 3);
    expect(said?.text).toBe(
      `[Only the first ${bytes} of 300000 bytes are here; the rest left out: it has ${300_000 - bytes} bytes and can be read at ${link?.uri}]`,
    );
    expect(link?.type).toBe('resource_link');
    expect(link?.uri).toMatch(/^deskhand:\/\/results\//);
    expect(rest).toEqual({ uri: link?.uri, mimeType: 'text/plain', text: text.slice(first?.text?.length) });
    expect(text.startsWith(first?.text ?? '-')).toBe(true);
  });
});

describe('structured content', () => {
  const output = z.object({ tier: z.string(), list: z.array(z.string()) });
  const structured = { tier: 'full', list: Array.from({ length: 20_000 }, () => 'some element') };

  test('that is too big leaves what is small, says so, and passes the schema of the tool', async () => {
    const result = await answered({ text: 'found', structured }, { output });
    const bytes = JSON.stringify(structured).length;
    const link = result.content.at(-1);
    expect(result.structured).toEqual({ tier: 'full', omitted: { bytes, uri: link?.uri } });
    expect(result.content[0]).toEqual({ type: 'text', text: 'found' });
    expect(await read(result.client, link?.uri)).toMatchObject({
      mimeType: 'application/json',
      text: JSON.stringify(structured),
    });
  });

  test('that fits is sent as it is', async () => {
    const small = { tier: 'full', list: ['one'] };
    expect((await answered({ text: '', structured: small }, { output })).structured).toEqual(small);
  });
});

test('pictures stay while they fit into a message, and are kept when they do not', async () => {
  const picture = { data: new Uint8Array(4 * kib * kib), mimeType: 'image/png' };
  const { client, content } = await answered({ text: 'two', images: [picture, picture] });
  expect(content.map(({ type }) => type)).toEqual(['text', 'image', 'text', 'resource_link']);
  expect(content[2]?.text).toMatch(/^\[image left out: it has 4194304 bytes and can be read at/);
  expect(await read(client, content[3]?.uri)).toMatchObject({ mimeType: 'image/png' });
});

describe('what is kept', () => {
  test('can be read by its own session only', async () => {
    const { client, content } = await answered({ text: 'x'.repeat(cap + 1) });
    const uri = content[2]?.uri;
    const other = await answered({ text: '' });
    expect(await read(client, uri)).toMatchObject({ text: 'x' });
    await expect(read(other.client, uri)).rejects.toMatchObject({ code: -32602, data: { uri } });
  });

  test('makes room for what is newer, the oldest first', async () => {
    const text = 'x'.repeat(cap + 6 * kib * kib);
    const { server } = recordedServer([simpleTool('big', () => ({ text }))]);
    const client = await connected(server, { era: '2026' });
    const uris: (string | undefined)[] = [];
    for (let call = 0; call < 3; call += 1) {
      uris.push(answer.parse(await client.callTool({ name: 'big' })).content[2]?.uri);
    }
    await expect(read(client, uris[0])).rejects.toThrow('had to make room');
    expect(size.parse(await read(client, uris[1]))).toBe(6 * kib * kib);
    expect(size.parse(await read(client, uris[2]))).toBe(6 * kib * kib);
  });

  test('is not kept at all when it is bigger than all the room, and the answer says that', async () => {
    const { content } = await answered({ text: 'x'.repeat(cap + 17 * kib * kib) });
    expect(content).toHaveLength(2);
    expect(content[1]?.text).toMatch(/17825792 bytes and was too big to keep\]$/);
  });
});
