import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { LineTransport } from '../../src/process/line-transport.ts';

/** Everything that came in as a message and everything that went out, for these bytes of input. */
async function conversation(...chunks: (string | Buffer)[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  const messages: unknown[] = [];
  const transport = new LineTransport(input, output);
  transport.onmessage = (message) => messages.push(message);
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  await transport.start();
  for (const chunk of chunks) input.write(chunk);
  input.end();
  await closed;
  output.end();
  const answers = (await text(output))
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  return { messages, answers };
}

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const error = (id: number | string | null, code: number, message: string) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

describe('messages in lines', () => {
  it('arrive whole however they are cut', async () => {
    const line = `${JSON.stringify({ ...ping, params: { text: 'ä €' } })}\r\n`;
    const bytes = Buffer.from(line + line);
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    const { messages, answers } = await conversation(...pieces);
    expect(messages).toEqual([1, 2].map(() => ({ ...ping, params: { text: 'ä €' } })));
    expect(answers).toEqual([]);
  });

  it.each([
    ['no JSON', '{"jsonrpc":', error(null, -32_700, 'Parse error: the line is not JSON')],
    [
      'bytes that are no text',
      Buffer.from([0xff, 0x00, 0xc3]),
      error(null, -32_700, 'Parse error: the line is not JSON'),
    ],
    [
      'params that are a list',
      '{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}',
      error(7, -32_600, 'Invalid request: not a message of JSON-RPC 2.0'),
    ],
    [
      'another JSON-RPC',
      '{"jsonrpc":"1.0","id":"a","method":"ping"}',
      error('a', -32_600, 'Invalid request: not a message of JSON-RPC 2.0'),
    ],
    [
      'an id that is an object',
      '{"jsonrpc":"2.0","id":{},"method":"ping"}',
      error(null, -32_600, 'Invalid request: not a message of JSON-RPC 2.0'),
    ],
    ['a list', '[]', error(null, -32_600, 'Invalid request: not a message of JSON-RPC 2.0')],
  ])('answer %s with an error, and the next one arrives', async (_what, bad, answer) => {
    const { messages, answers } = await conversation(bad, `\n${JSON.stringify(ping)}\n`);
    expect(answers).toEqual([answer]);
    expect(messages).toEqual([ping]);
  });

  it('are refused beyond 32 MiB without being kept, and the next one arrives', async () => {
    const megabyte = Buffer.alloc(2 ** 20, 'x');
    const { messages, answers } = await conversation(
      ...Array.from({ length: 33 }, () => megabyte),
      `\n${JSON.stringify(ping)}\n`,
    );
    expect(answers).toEqual([error(null, -32_600, 'A message may have at most 32 MiB')]);
    expect(messages).toEqual([ping]);
  });

  it('that answer nothing we asked are dropped without a word', async () => {
    const { messages, answers } = await conversation('{"jsonrpc":"2.0","id":{},"result":1}\n\n');
    expect({ messages, answers }).toEqual({ messages: [], answers: [] });
  });

  it('cannot be sent after the end', async () => {
    const transport = new LineTransport(new PassThrough(), new PassThrough());
    await transport.start();
    await transport.close();
    await expect(transport.send({ jsonrpc: '2.0', method: 'ping' })).rejects.toThrow(
      'the connection has ended',
    );
  });
});
