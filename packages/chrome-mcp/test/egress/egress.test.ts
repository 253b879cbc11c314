import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openSite, type Site } from '../lab/site.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

let home: string;
let site: Site;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'deskhand-egress-'));
  site = await openSite({
    '/': '<title>Shop</title>',
    '/away': (response, { headers }) => {
      const port = headers.host?.split(':')[1] ?? '';
      response.writeHead(302, { location: `http://localhost:${port}/` }).end();
    },
  });
});
afterAll(async () => {
  await site.close();
  await rm(home, { recursive: true, force: true });
});

interface Run {
  readonly status: unknown;
  readonly output: string;
}

/** Opens an address by the built command, in a browser of its own. */
async function opening(url: string, ...options: string[]): Promise<Run> {
  const args = ['call', '--headless', '--isolated', '--timeout', '60', '--log-level', 'error', ...options];
  const child = spawn(process.execPath, [CLI, ...args, 'navigate', JSON.stringify({ url })], {
    env: { PATH: process.env['PATH'], HOME: home, DESKHAND_HOME: join(home, 'state') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status: child.exitCode, output: output.slice(0, 2).join('') };
}

test('what is on this computer is opened when somebody allowed it, and else explained with the command that does', async () => {
  const refused = await opening(site.origin);
  expect(refused.status).toBe(5);
  expect(refused.output).toContain('is on this computer or its network, and nobody allowed it');
  expect(refused.output).toMatch(/deskhand-grants --home \S+ answer [0-9a-f]{12} allow/);
  const declined = await opening(site.origin, '--approvals', 'decline');
  expect(declined.output).toContain(`deskhand-grants allow origin:${site.origin}`);
  const allowed = await opening(site.origin, '--allow-origin', site.origin);
  expect(allowed.status).toBe(0);
  expect(allowed.output).toContain('status 200, title "Shop"');
});

test('a redirect goes no further than a request', async () => {
  const stopped = await opening(`${site.origin}/away`, '--allow-origin', site.origin);
  expect(stopped.status).toBe(5);
  expect(stopped.output).toContain(`--allow-origin ${site.otherOrigin}`);
  const both = ['--allow-origin', site.origin, '--allow-origin', site.otherOrigin];
  const followed = await opening(`${site.origin}/away`, ...both);
  expect(followed.status).toBe(0);
  expect(followed.output).toContain(`redirected from "${site.origin}/away"`);
});

test('a port that is closed is told as such', async () => {
  const { status, output } = await opening('http://127.0.0.1:4/', '--allow-origin', 'http://127.0.0.1:*');
  expect(status).toBe(5);
  expect(output).toContain('net::ERR_CONNECTION_REFUSED');
});

test('a pattern that is none is told before anything starts', async () => {
  const { status, output } = await opening(site.origin, '--allow-origin', 'example.com');
  expect(status).toBe(1);
  expect(output).toContain('"example.com" is no pattern of origins');
});
