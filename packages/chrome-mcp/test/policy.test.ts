import { mkdtempSync, rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OriginPolicy } from '../src/policy.ts';

const rule = (decision: string, pattern: string) => ({ resource: { kind: 'origin', pattern }, decision });

const ONE = 'origins:\n  https://ads.example: deny\n';

function folder(): string {
  const home = mkdtempSync(join(tmpdir(), 'chrome-policy-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

async function opened(file: string | undefined, home: string) {
  let changes = 0;
  const policy = await OriginPolicy.open({ file, home, onChange: () => void (changes += 1) });
  onTestFinished(() => policy.close());
  const changing = async (change: () => Promise<void>): Promise<void> => {
    const before = changes;
    await change();
    await expect.poll(() => changes).toBeGreaterThan(before);
  };
  return { policy, changing };
}

test('a policy is read from the file that was named, and its tiers are for others', async () => {
  const file = join(folder(), 'rules.yaml');
  await writeFile(file, `${ONE}  http://localhost:*: ask\ntiers:\n  firefox: none\nonceOnly: true\n`);
  const { policy } = await opened(file, folder());
  expect(policy.rules()).toEqual([rule('deny', 'https://ads.example'), rule('ask', 'http://localhost:*')]);
  expect(policy.onceOnly).toBe(true);
});

test.each([
  ['is not there', null, /cannot be read/],
  ['has a mistake', 'origins:\n  ads.example: deny\n', /no pattern of origins/],
])('a named file that %s is told before anything starts', async (_what, text, message) => {
  const file = join(folder(), 'rules.yaml');
  if (text !== null) await writeFile(file, text);
  await expect(opened(file, folder())).rejects.toThrow(message);
});

test('the file of the state folder holds when it is there, as it is by now', async () => {
  const home = folder();
  const { policy, changing } = await opened(undefined, home);
  const file = join(home, 'policy.yaml');
  expect(policy.rules()).toEqual([]);
  expect(policy.onceOnly).toBe(false);
  // one change may be told several times, the last time while the next one is made
  await changing(() => writeFile(file, ONE));
  await expect.poll(() => policy.rules()).toEqual([rule('deny', 'https://ads.example')]);
  expect(policy.onceOnly).toBe(false);
  // as editors save
  await writeFile(`${file}.new`, 'origins:\n  https://ads.example: maybe\n');
  await changing(() => rename(`${file}.new`, file));
  await expect.poll(() => policy.rules()).toMatchObject({ allowed: false, code: 'policy_unreadable' });
  expect(policy.onceOnly).toBe(true);
  await changing(() => rm(file));
  await expect.poll(() => policy.rules()).toEqual([]);
});
