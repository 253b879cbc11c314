import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSecrets } from '../../src/secrets/secret-file.ts';

async function file(text: string, mode = 0o600): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'chrome-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secrets');
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

const one = (name: string, value: string) => ({ name, value, username: null, origins: null });

test('lines are names and values, in quotes or not', async () => {
  const text = "# mine\n\nUSER=ada lovelace\nexport PASS=\"a = 'b'  \"\r\nKEY = 'x#yz'\n";
  expect(await readSecrets(await file(text))).toEqual([
    one('USER', 'ada lovelace'),
    one('PASS', "a = 'b'  "),
    one('KEY', 'x#yz'),
  ]);
});

test('JSON says where a value may go', async () => {
  const text = JSON.stringify({
    A: 'anywhere',
    B: { value: 'there', origins: ['https://*.shop.example'], username: 'ada' },
  });
  expect(await readSecrets(await file(text))).toEqual([
    one('A', 'anywhere'),
    { name: 'B', value: 'there', username: 'ada', origins: ['https://*.shop.example'] },
  ]);
});

test.each([
  ['that others may read', 'A=hunter2', 0o640, /chmod 600/],
  ['with a line that is none', 'A=hunter2\nhunter2\n', 0o600, /line 2 is not NAME=value/],
  ['that is no JSON', '{"A": "hunter2"', 0o600, /no JSON/],
  ['with a value too short to be hidden', 'A=abc', 0o600, /A/],
  ['with a value of two lines', '{"A": "hunter2\\nx"}', 0o600, /one line/],
  [
    'with a wrong pattern',
    '{"A": {"value": "hunter2", "origins": ["shop.example"]}}',
    0o600,
    /pattern of origins/,
  ],
  ['with a user for all origins', '{"A": {"value": "hunter2", "username": "ada"}}', 0o600, /needs origins/],
  ['with a name that is none', '{"A B": "hunter2"}', 0o600, /Invalid key/],
])('a file %s is refused, and nothing of it told', async (_what, text, mode, message) => {
  const error: unknown = await readSecrets(await file(text, mode)).catch((caught: unknown) => caught);
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toContain('hunter2');
});

test('a file that is not there is told', async () => {
  await expect(readSecrets('/nowhere/secrets')).rejects.toThrow(/cannot be read/);
});
