import { expect, test } from 'vitest';
import { EventLog } from '../../src/http/event-log.ts';

const message = (
  n: number,
  text = '',
): { jsonrpc: '2.0'; method: string; params: { n: number; text: string } } => ({
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { n, text },
});

async function replayed(log: EventLog, after: string): Promise<{ stream: string; messages: unknown[] }> {
  const messages: unknown[] = [];
  const send = (_id: string, sent: unknown): Promise<void> => {
    messages.push(sent);
    return Promise.resolve();
  };
  const stream = await log.replayEventsAfter(after, { send });
  return { stream, messages };
}

test('what came after an event is given back, in order, of its own stream alone', async () => {
  const log = new EventLog();
  const first = await log.storeEvent('a', message(1));
  await log.storeEvent('b', message(2));
  await log.storeEvent('a', message(3));
  await log.storeEvent('a', message(4));
  expect(log.streamOf(first)).toBe('a');
  expect(await replayed(log, first)).toEqual({ stream: 'a', messages: [message(3), message(4)] });
});

test('the oldest events are forgotten past a thousand, and what is forgotten cannot be taken up', async () => {
  const log = new EventLog();
  const ids: string[] = [];
  for (let n = 0; n < 1_001; n += 1) ids.push(await log.storeEvent('a', message(n)));
  expect([ids[0], ids[1]].map((id) => log.streamOf(id ?? ''))).toEqual([undefined, 'a']);
  await expect(replayed(log, ids[0] ?? '')).rejects.toThrow(RangeError);
});

test('large events push out more, but the newest one always stays', async () => {
  const log = new EventLog();
  const small = await log.storeEvent('a', message(1));
  const large = await log.storeEvent('a', message(2, 'x'.repeat(3_000_000)));
  expect([small, large].map((id) => log.streamOf(id))).toEqual(['a', 'a']);
  const huge = await log.storeEvent('a', message(3, 'x'.repeat(9_000_000)));
  expect([small, large, huge].map((id) => log.streamOf(id))).toEqual([undefined, undefined, 'a']);
});
