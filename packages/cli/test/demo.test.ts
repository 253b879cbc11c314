import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HostProcess } from './lab/host-process.ts';

test('the demo writes the right sheet without a key, and says what of it is recorded', async () => {
  const ran = await new HostProcess().run('demo');
  const sheet = /cat (\S+)/.exec(ran.out)?.[1] ?? '';
  onTestFinished(() => {
    rmSync(dirname(dirname(sheet)), { recursive: true });
  });
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.out).toContain('the words of the model are recorded');
  expect(ran.err).toMatch(/rm -rf.*\n✗ command_denied/);
  expect(ran.out).toMatch(/^Record {3}\d+ rows, none changed/m);
  expect(readFileSync(sheet, 'utf8')).toBe(
    'invoice;total\n2026-041;140.00\n2026-042;252.90\n2026-043;24.47\n',
  );
});

test('the demo is given to a real model where one is named', async () => {
  const host = new HostProcess();
  await host.script({ reply: { text: 'I would rather not.' } });
  const ran = await host.run('demo');
  onTestFinished(() => {
    rmSync(/rm -r (\S+)/.exec(ran.out)?.[1] ?? '', { recursive: true });
  });
  expect([ran.code, ran.out]).toEqual([1, expect.stringContaining('there is no totals.csv')]);
  expect(ran.out).not.toContain('recorded');
});

test('the demo does not begin where there is no sandbox, and says how to get one', async () => {
  const ran = await new HostProcess().withoutSandbox('demo');
  expect([ran.code, ran.out]).toEqual([1, '']);
  expect(ran.err).toContain('apt-get install bubblewrap');
});
