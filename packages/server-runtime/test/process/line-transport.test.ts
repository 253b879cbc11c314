import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
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
    const bytes = Buffer.from(line + line.replace('"id":1', '"id":2'));
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    const { messages, answers } = await conversation(...pieces);
    expect(messages).toEqual([1, 2].map((id) => ({ ...ping, id, params: { text: 'ä €' } })));
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

  it('with the id of a request that still runs are refused, until that one is answered or cancelled', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const messages: unknown[] = [];
    const transport = new LineTransport(input, output);
    await transport.start();
    const say = async (...said: object[]): Promise<void> => {
      const all = new Promise<void>((resolve) => {
        transport.onmessage = (message) => {
          if ('method' in message && message.method === 'notifications/initialized') resolve();
          else messages.push(message);
        };
      });
      for (const message of [...said, { jsonrpc: '2.0', method: 'notifications/initialized' }]) {
        input.write(`${JSON.stringify(message)}\n`);
      }
      await all;
    };
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    await say(ping, ping, { ...ping, id: '1' });
    expect(messages).toEqual([ping, { ...ping, id: '1' }]);
    await transport.send({ jsonrpc: '2.0', id: 1, result: {} });
    await say(ping, cancel, ping);
    expect(messages.slice(2)).toEqual([ping, cancel, ping]);
    await transport.close();
    output.end();
    const refusal = error(null, -32_600, 'Invalid request: the id is that of a request which still runs');
    expect((await text(output)).trim().split('\n')).toEqual(
      [refusal, { jsonrpc: '2.0', id: 1, result: {} }].map((message) => JSON.stringify(message)),
    );
  });

  it('are not taken in while 8 MiB of answers are unread, and are once those were read', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const transport = new LineTransport(input, output);
    const messages: unknown[] = [];
    transport.onmessage = (message) => messages.push(message);
    await transport.start();
    const sent = transport.send({ jsonrpc: '2.0', id: 1, result: { text: 'x'.repeat(9 * 2 ** 20) } });
    input.write(`${JSON.stringify(ping)}\n`);
    expect([input.isPaused(), messages]).toEqual([true, []]);
    output.resume();
    await sent;
    await vi.waitFor(() => expect(messages).toEqual([ping]), { timeout: 15_000 });
    await transport.close();
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
