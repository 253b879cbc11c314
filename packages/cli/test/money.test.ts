import type { Step } from '@deskhand/fake-messages';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { calls, DONE, HostProcess } from './lab/host-process.ts';

const ALONE = ['--servers', 'none'];
const plan = calls('deskhand__plan', { steps: ['one'] });

test('a limit of the day is kept by two hosts at once and after kill -9, and a higher one goes on', async () => {
  const host = new HostProcess();
  const stalled: Step = { fault: { kind: 'stalled', after: 4 }, reply: { text: 'Half' } };
  await host.script(stalled, DONE);
  expect((await host.run('budget', '0.12')).out).toBe(
    'Today $0.0000 were spent or are reserved, of $0.12 a day.\n',
  );
  const first = host.start('run', 'Go', ...ALONE);
  await expect.poll(() => host.api.requests.length, { timeout: 60_000 }).toBe(1);
  const second = await host.run('run', 'Go', ...ALONE);
  expect([second.code, second.err]).toEqual([4, expect.stringContaining('$0.12 a day, for all sessions')]);
  first.child.kill('SIGKILL');
  await first.ended;
  expect((await host.run('resume', 'last', ...ALONE)).code).toBe(4);
  expect((await host.run('budget', 'none')).out).toContain('there is no limit');
  expect((await host.run('resume', 'last', ...ALONE)).code).toBe(0);
  expect((await host.run('budget', 'much')).code).toBe(2);
});

const rowsSchema = z.array(z.looseObject({ key: z.string(), turns: z.number(), usd: z.number() }));

test('cost is told by day, session, model and tool, which add up to the same; the ledger of it verifies', async () => {
  const host = new HostProcess();
  const both: Step = {
    reply: {
      toolCalls: [
        { name: 'deskhand__plan', input: { steps: [] } },
        { name: 'deskhand__recall', input: { file: 'MEMORY.md' } },
      ],
    },
  };
  await host.script(plan, both, DONE, DONE);
  await host.run('run', 'Go', ...ALONE);
  await host.run('run', 'Again', ...ALONE);
  const rowsBy = async (key: string) =>
    rowsSchema.parse(JSON.parse((await host.run('cost', '--by', key, '--json')).out));
  const totals = new Set<string>();
  for (const key of ['day', 'session', 'model', 'tool'])
    totals.add((await rowsBy(key)).reduce((sum, { usd }) => sum + usd, 0).toFixed(9));
  expect([...totals]).toEqual([expect.stringMatching(/^0\.0*[1-9]/)]);
  expect((await rowsBy('tool')).map(({ key, turns }) => [key, turns])).toEqual([
    ['(words)', 2],
    ['deskhand__plan', 2],
    ['deskhand__recall', 1],
  ]);
  expect((await host.run('cost', '--by', 'tool')).out).toMatch(/deskhand__plan +\$0\.\d{4} +2 calls .*█/);
  expect((await host.run('ledger', 'verify')).code).toBe(0);
});
