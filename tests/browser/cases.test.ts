import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../lab/eventually.ts';
import { hardPages } from './cases/index.ts';
import type { Driver } from './driver.ts';
import { startOwnServer } from './own-server.ts';
import { runCase } from './run-case.ts';
import { openSite, type Site } from './site.ts';
import { tasks } from './tasks/index.ts';

let site: Site;
let driver: Driver;

beforeAll(async () => {
  site = await openSite();
  driver = await startOwnServer([site.origin, site.origin.replace('127.0.0.1', 'localhost')]);
  // a machine that is busy may take longer to start a browser than a call has
  const url = site.put('start', { '': '<h1>Start</h1>' });
  const isShown = async () => (await driver.act({ do: 'navigate', url }))?.isError === false;
  await eventually('the browser to start', isShown, 60_000);
});
afterAll(async () => {
  await driver.close();
  await site.close();
});

describe.each([
  ['hard page', hardPages],
  ['small task', tasks],
])('%s', (_, cases) => {
  test.each(cases)('$name', async (one) => {
    const { outcome, reason } = await runCase(driver, site, one);
    expect({ outcome, reason }).toEqual({ outcome: 'pass', reason: '' });
  });
});
