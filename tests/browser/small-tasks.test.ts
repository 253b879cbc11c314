import { afterAll, beforeAll, expect, test } from 'vitest';
import { tasks } from './tasks/index.ts';
import type { Driver } from './driver.ts';
import { startOwnServer } from './own-server.ts';
import { runCase } from './run-case.ts';
import { openSite, type Site } from './site.ts';

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

test.each(tasks)('$name', async (one) => {
  const { outcome, reason } = await runCase(driver, site, one);
  expect({ outcome, reason }).toEqual({ outcome: 'pass', reason: '' });
});
