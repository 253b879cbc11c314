import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getEventListeners, once } from 'node:events';
import { expect, test } from 'vitest';
import { deadlineAfter } from '../src/deadline.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = (): unknown => runInNewContext('gc()');

const forever = (): AbortSignal => new AbortController().signal;

test('it ends after its time, however much garbage is collected until then', async () => {
  const deadline = deadlineAfter(100, forever());
  const ended = once(deadline, 'abort');
  const collecting = setInterval(collectGarbage, 20);
  await ended;
  clearInterval(collecting);
  expect(deadline.reason).toMatchObject({ name: 'TimeoutError' });
});

test('it ends with the other signal, and for the same reason', () => {
  const controller = new AbortController();
  const deadline = deadlineAfter(60_000, controller.signal);
  expect(deadline.aborted).toBe(false);
  controller.abort(new Error('enough'));
  expect(deadline.reason).toEqual(new Error('enough'));
});

test('after the end it has ended', () => {
  expect(deadlineAfter(60_000, AbortSignal.abort(new Error('enough'))).reason).toEqual(new Error('enough'));
});

test('hundreds of them leave nothing on the other signal', () => {
  const { signal } = new AbortController();
  for (let count = 0; count < 300; count++) deadlineAfter(60_000, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
