import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { CommandFailed, ConnectionClosed } from '../../src/cdp/connection.ts';
import { PipeConnection } from '../../src/cdp/pipe-connection.ts';

/** Both ends of the pipes of a browser that says what the test has it say. */
function connect() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const connection = new PipeConnection({ input, output });
  const say = (...messages: readonly object[]) =>
    messages.map((message) => `${JSON.stringify(message)}\0`).join('');
  return { connection, input, output, say, read: (): unknown => String(input.read()) };
}

test('a command is JSON that ends with a NUL, and its answer comes by its number', async () => {
  const { connection, output, read, say } = connect();
  const version = connection.browser.send('Browser.getVersion');
  const other = connection.session('s1').send('Page.getFrameTree');
  expect(read()).toBe(
    '{"id":1,"method":"Browser.getVersion","params":{}}\0{"id":2,"method":"Page.getFrameTree","params":{},"sessionId":"s1"}\0',
  );
  output.write(say({ id: 2, result: {}, sessionId: 's1' }, { id: 1, result: { product: 'X' } }));
  expect([await version, await other]).toEqual([{ product: 'X' }, {}]);
});

test('messages may come in any pieces, in the middle of a letter too', async () => {
  const { connection, output, say } = connect();
  const urls: string[] = [];
  connection.session('s1').on('Page.navigatedWithinDocument', ({ url }) => urls.push(url));
  const message = (url: string) => ({
    method: 'Page.navigatedWithinDocument',
    params: { url },
    sessionId: 's1',
  });
  for (const byte of Buffer.from(say(message('ä'), message('€')))) output.write(Buffer.from([byte]));
  await expect.poll(() => urls).toEqual(['ä', '€']);
});

test('what the browser refuses fails with its words', async () => {
  const { connection, output, say } = connect();
  const sent = connection.browser.send('Browser.getVersion');
  output.write(say({ id: 1, error: { code: -32601, message: 'no such method' } }));
  await expect(sent).rejects.toEqual(
    new CommandFailed('Browser.getVersion', { code: -32601, message: 'no such method' }),
  );
});

test('a session that ends fails what waits in it, and not what waits elsewhere', async () => {
  const { connection, output, say } = connect();
  const inside = connection.session('s1').send('Page.getFrameTree');
  const outside = connection.session('s2').send('Page.getFrameTree');
  output.write(
    say({ method: 'Target.detachedFromTarget', params: { sessionId: 's1' } }, { id: 2, result: {} }),
  );
  await expect(inside).rejects.toBeInstanceOf(ConnectionClosed);
  expect(await outside).toEqual({});
});

test('the end of the browser fails all that waits, and what comes after', async () => {
  const { connection, output } = connect();
  const sent = connection.session('s1').send('Page.getFrameTree');
  output.end();
  await expect(sent).rejects.toBeInstanceOf(ConnectionClosed);
  await expect(connection.session('s1').send('Page.getFrameTree')).rejects.toBeInstanceOf(ConnectionClosed);
  expect(connection.closed.aborted).toBe(true);
});

test('a caller that leaves waits no longer', async () => {
  const { connection } = connect();
  const leave = new AbortController();
  const sent = connection.browser.send('Browser.getVersion', undefined, { signal: leave.signal });
  leave.abort(new Error('left'));
  await expect(sent).rejects.toThrow('left');
});

test('what is no message of the protocol ends the connection, and nothing else', async () => {
  const { connection, output } = connect();
  const sent = connection.browser.send('Browser.getVersion');
  output.write('{"id": "x"\0');
  await expect(sent).rejects.toBeInstanceOf(ConnectionClosed);
});
