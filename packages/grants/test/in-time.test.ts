import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getEventListeners, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { inTime } from '../src/in-time.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = (): unknown => runInNewContext('gc()');

const forever = (): AbortSignal => new AbortController().signal;

/** Works until it is told to stop; resolves to why. */
const endless = async (signal: AbortSignal): Promise<unknown> => {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason;
};

test('hundreds work for one caller at once, which is no leak', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 300 }, () => inTime(60_000, signal, () => nextTurn())));
  expect({ warnings, listeners: getEventListeners(signal, 'abort') }).toEqual({
    warnings: [],
    listeners: [],
  });
});

afterEach(() => void vi.useRealTimers());

test('work ends after its time, however much garbage is collected until then', async () => {
  const collecting = setInterval(collectGarbage, 20);
  const why = await inTime(100, forever(), endless);
  clearInterval(collecting);
  expect(why).toMatchObject({ name: 'TimeoutError' });
});

test('it ends with the other signal, and for the same reason', async () => {
  const controller = new AbortController();
  const working = inTime(60_000, controller.signal, endless);
  controller.abort(new Error('enough'));
  expect(await working).toEqual(new Error('enough'));
});

test('after the end of the other signal it is told so at once', async () => {
  expect(await inTime(60_000, AbortSignal.abort(new Error('enough')), endless)).toEqual(new Error('enough'));
});

test.each<[string, () => Promise<string>]>([
  ['is done', () => Promise.resolve('done')],
  ['failed', () => Promise.reject(new Error('failed'))],
])('work that %s leaves nothing on the other signal, and no time that runs', async (end, work) => {
  vi.useFakeTimers();
  const { signal } = new AbortController();
  const outcome = await inTime(60_000, signal, work).catch((error: unknown) => error);
  expect(outcome).toEqual(end === 'failed' ? new Error('failed') : 'done');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
