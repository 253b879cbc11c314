import { expect, test, vi } from 'vitest';
import { makeTree } from '../lab/tree.ts';
import { openSession } from '../lab/workspace.ts';

const ROOM_MIB = 32;

async function openShell() {
  const call = await openSession([`work=${makeTree()}`], { scratch: ROOM_MIB, approve: 'never-in-sandbox' });
  const bash = (command: string, more: Record<string, unknown> = {}) => call('Bash', { command, ...more });
  return { call, bash };
}

const FIVE_MB = `yes ${'x'.repeat(99)} | head -n 50000`;

test('outputs that are ended make room for new ones, the oldest first, and say so', async () => {
  const { call, bash } = await openShell();
  await bash(`${FIVE_MB}; exec sleep 1000`, { run_in_background: true });
  await expect.poll(async () => (await call('BashOutput', {})).text).toContain('running, 5000000 bytes');
  for (let count = 0; count < 12; count += 1) {
    const { text } = await bash(`${FIVE_MB}; echo the-last`);
    expect(text).toMatch(/^Exit code 0[^]*\n> the-last$/);
  }

  const old = await call('BashOutput', { bash_id: 'bash_2', offset: 0 });
  expect(old.text).toMatch(
    /^Exit code 0, .*What it printed, 5000009 bytes, made room for what later commands/,
  );
  expect(old.result?.blocks).toBeUndefined();
  expect((await call('BashOutput', { bash_id: 'bash_13', offset: 4_999_900 })).text).toMatch(/> the-last$/);
  expect((await call('BashOutput', { bash_id: 'bash_1', offset: 4_999_900 })).text).toMatch(/\n> x{99}$/);
  expect((await call('BashOutput', {})).text).toMatch(/bash_2: exit code 0, 5000009 bytes \(gone\)/);
});

test('several that print without end are ended, and those after them have room', async () => {
  const { call, bash } = await openShell();
  for (let count = 0; count < 3; count += 1) await bash('yes', { run_in_background: true });
  await vi.waitFor(
    async () => expect((await call('BashOutput', {})).text).not.toContain(': running'),
    20_000,
  );
  const ended = await call('BashOutput', { bash_id: 'bash_1' });
  expect(ended.text).toMatch(/It printed more than \d+ MiB, and was ended for that|made room|no room left/);
  expect((await bash(`${FIVE_MB}; echo the-last`)).text).toMatch(/\n> the-last$/);
});

test('what no room was left for is said to be lost', async () => {
  const { call, bash } = await openShell();
  const most = `head -c 12000000 /dev/zero | tr '\\0' x`;
  for (let count = 0; count < 2; count += 1)
    await bash(`${most}; exec sleep 1000`, { run_in_background: true });
  await expect
    .poll(async () => (await call('BashOutput', {})).text)
    .toMatch(/(?:running, 12000000 bytes[^]*){2}/);
  const { text } = await bash(`${most} || exit 3`);
  // one of the two may just have been ended for it, and made room
  expect(text).toMatch(/^Exit code 0|no room left for what commands print, so a part of it may be lost/);
});

test('a full /tmp and home are no loss to the shell, and can be made room in', async () => {
  const { bash } = await openShell();
  const full = await bash('mine=kept; cat /dev/zero > /tmp/big; cat /dev/zero > ~/big');
  expect(full.text).toContain(`The home folder or /tmp is full, with ${ROOM_MIB} MiB`);
  expect((await bash('seq 100000 | tail -1')).text).toMatch(/\n> 100000$/);
  expect((await bash('exit 3')).text).toContain('The shell ended with it');
  expect((await bash('echo "$mine"')).text).toMatch(/\n> kept$/);
  expect((await bash('echo beside', { run_in_background: true })).text).toContain('bash_5');
  expect((await bash('rm /tmp/big ~/big; echo new > /tmp/new; cat /tmp/new')).text).toMatch(/\n> new$/);
});
