import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const BIN = new URL('../dist/cli.js', import.meta.url).pathname;
const SERVER = new URL('../../gateway/test/fixtures/server.mjs', import.meta.url).pathname;

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deskhand-mcp-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

function mcp(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: home, DESKHAND_HOME: join(home, 'state') };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'mcp', ...args], { env }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

test('a server that is there and one that is not are told apart, and remembered', async () => {
  await mcp('add', 'good', '--', process.execPath, SERVER);
  expect((await mcp('list')).out).toContain(`good: ${process.execPath} ${SERVER}\n  no session has used it`);
  expect(await mcp('check')).toEqual({ code: 0, out: 'good: ready, 13 tools\n', err: '' });
  await mcp('add', 'bad', '--', 'no-such-program');
  const both = await mcp('check', 'good', 'bad');
  expect(both).toMatchObject({ code: 1, err: '' });
  expect(both.out).toContain('good: ready, 13 tools\n');
  expect(both.out).toContain('bad: DEGRADED. the command no-such-program is not there');
  expect((await mcp('list')).out).toMatch(
    /good: .*\n {2}ready since [-\d]{10} [\d:]{5} UTC, 13 tools\nbad: .*\n {2}degraded since .*: the command no-such-program/,
  );
  const unknown = await mcp('check', 'ugly');
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('There is no server ugly.');
});
