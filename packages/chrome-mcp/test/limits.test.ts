import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLimits, type LimitOptions } from '../src/limits.ts';

async function limits(options: Partial<LimitOptions>, policy: string) {
  const home = mkdtempSync(join(tmpdir(), 'chrome-limits-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  await writeFile(join(home, 'policy.yaml'), policy);
  const nothing = { allowOrigin: [], blockOrigin: [], allowCertificate: [] };
  const choice = { approvals: 'ask', autoConnect: false, browserUrl: undefined } as const;
  const opened = await openLimits({ ...choice, ...nothing, ...options }, { home, env: {} });
  await opened.close();
  return opened;
}

const ORIGINS = 'origins:\n  https://ads.example: deny\n';
const browserUrl = 'http://127.0.0.1:9222';
const hash = `${'A'.repeat(43)}=`;

test.each<[what: string, option: string, options: Partial<LimitOptions>, policy: string]>([
  ['an allowance', '--allow-origin', { allowOrigin: ['https://a.example'] }, ''],
  ['a block', '--allow-origin', { blockOrigin: ['https://a.example'] }, ''],
  ['a policy about origins', '--policy', {}, ORIGINS],
  ['a certificate', '--allow-certificate', { allowCertificate: [hash] }, ''],
])('%s is refused for a browser that runs, and holds for one that is started', async (_what, ...rest) => {
  const [option, options, policy] = rest;
  await expect(limits({ ...options, browserUrl }, policy)).rejects.toThrow(option);
  await expect(limits({ ...options, autoConnect: true }, policy)).rejects.toThrow(option);
  expect((await limits(options, policy)).egress).not.toBe(null);
});

test('a browser that runs is joined without limits, also where a policy says something of other things', async () => {
  expect((await limits({ browserUrl }, 'tiers:\n  firefox: none\n')).egress).toBe(null);
});
