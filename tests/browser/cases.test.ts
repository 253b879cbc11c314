import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
