import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { PipeConnection } from '../../src/cdp/pipe-connection.ts';
import { ExchangeLog } from '../../src/groups/network/exchange-log.ts';

const asked = (timestamp: number, more: object = {}) => ({
  method: 'Network.requestWillBeSent',
  params: {
    ...{ requestId: 'r', loaderId: '', timestamp, wallTime: 1, type: 'Fetch', initiator: { type: 'script' } },
    request: { url: `http://a/${timestamp}`, method: 'GET', headers: {} },
    ...more,
  },
});
const led = asked(2, {
  redirectResponse: {
    url: 'http://a/1',
    status: 302,
    statusText: 'Found',
    headers: {},
    encodedDataLength: 9,
  },
});
const sent = (value: string) => ({
  method: 'Network.requestWillBeSentExtraInfo',
  params: { requestId: 'r', headers: { hop: value } },
});
const answered = {
  method: 'Network.responseReceived',
  params: { requestId: 'r', type: 'Fetch', response: { status: 200, statusText: 'OK', headers: {} } },
};

test.each([
  ['each after its hop', [asked(1), sent('first'), led, sent('second'), answered]],
  ['each before its hop', [sent('first'), asked(1), sent('second'), led, answered]],
  ['the second between both hops', [asked(1), sent('first'), sent('second'), led, answered]],
  ['the second after the answer', [asked(1), sent('first'), led, answered, sent('second')]],
])('headers that were sent belong to their hop: %s', async (_order, messages) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const log = new ExchangeLog();
  log.follow('t1', new PipeConnection({ input, output }).session('s1'));
  for (const message of messages) output.write(`${JSON.stringify({ ...message, sessionId: 's1' })}\0`);
  await expect
    .poll(() => log.of('t1').map(({ requestHeaders }) => requestHeaders))
    .toEqual([{ hop: 'second' }, { hop: 'first' }]);
});
