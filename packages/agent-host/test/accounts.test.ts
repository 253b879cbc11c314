import type { Fault, MessagesRequest, Reply, Step } from '@deskhand/fake-messages';
import { PriceList, PRICES } from '@deskhand/model';
import { verifyFolder } from '@deskhand/run-ledger';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { DaySpending, ownToolsOf, spentOf } from '../src/index.ts';
import { Lab, NO_LIMITS } from './lab/lab.ts';
import { said } from './lab/toy-gateway.ts';

const HOST = new URL('fixtures/host.mjs', import.meta.url).pathname;
const MODEL = 'claude-opus-5-5';

let lab: Lab;

afterEach(() => lab.close());

const row = z.looseObject({
  phase: z.string(),
  name: z.string(),
  seq: z.number(),
  ref: z.number().optional(),
  usage: z.record(z.string(), z.number()).optional(),
  decision: z.looseObject({ nanodollars: z.number().nullable().optional() }).optional(),
});

const rows = () =>
  readdirSync(join(lab.home, 'ledger'))
    .filter((name) => /^\d/.test(name))
    .flatMap((file) =>
      readFileSync(join(lab.home, 'ledger', file), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ file, ...row.parse(JSON.parse(line)) })),
    );

/** What the rows say was charged, or may have been: an intent without an outcome at its most. */
function recorded(): number {
  const of = rows().filter(({ name }) => name === 'model');
  const ended = new Set(of.flatMap(({ file, ref }) => (ref === undefined ? [] : [`${file}:${ref}`])));
  return of
    .filter(({ phase, file, seq }) => phase === 'outcome' || !ended.has(`${file}:${seq}`))
    .reduce((sum, { decision }) => sum + (decision?.nanodollars ?? 0), 0);
}

/** From what the service said that it used, by the price list as it stands in its file. */
function recomputed(): number {
  const price = PRICES.findLast(({ model, upTo }) => model === MODEL && upTo === null);
  if (price === undefined) throw new Error('the model has no price');
  const { input, output, cacheRead, cacheWrite } = price;
  return lab.api.answers.reduce((sum, { usage }) => {
    const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = usage.cache_creation;
    const written = short * cacheWrite.short + long * cacheWrite.long;
    const all =
      usage.input_tokens * input +
      usage.cache_read_input_tokens * cacheRead +
      written +
      usage.output_tokens * output;
    return sum + Math.round(all * 1_000);
  }, 0);
}

const SAYS: readonly Reply[] = Array.from({ length: 12 }, (_, at) => ({
  text: `Step ${at}`,
  toolCalls: [{ name: at % 3 === 0 ? 'look' : 'write', input: { what: String(at) } }],
}));
const reply = ({ messages }: MessagesRequest): Reply =>
  SAYS[messages.filter(({ role }) => role === 'assistant').length] ?? { text: 'Done.' };
const free: readonly Fault[] = [{ kind: 'overloaded' }, { kind: 'rate limit', retryAfter: 0 }];

test('the ledger, the sessions and the day say what the service used, over faults, a kill, an abort and a fork', async () => {
  const steps: Step[] = Array.from({ length: 60 }, (_, at) => {
    const fault = at % 9 === 4 ? free[Math.floor(at / 9) % free.length] : undefined;
    return fault === undefined ? { reply } : { fault };
  });
  const run = () => said('done');
  lab = await Lab.open({ steps, toys: { look: { isReadOnly: true, run }, write: { run } } });
  const child = spawn(process.execPath, [HOST, lab.home, lab.api.url, '30'], { stdio: 'inherit' });
  await once(child, 'exit');
  const first = await lab.sessions.open(lab.sessions.find('last'));
  first.append({ kind: 'resumed', limits: NO_LIMITS, model: MODEL });
  expect(await lab.run(first)).toEqual({ kind: 'idle' });
  first.close();
  const fork = await lab.sessions.fork(first.id, 20);
  fork.append({ kind: 'said', content: [{ type: 'text', text: 'Another way' }] });
  expect(await lab.run(fork)).toEqual({ kind: 'idle' });
  fork.close();
  expect(lab.api.answers.length).toBeGreaterThan(15);
  const prices = new PriceList(PRICES);
  const spent = lab.sessions.list().reduce((sum, { state }) => sum + spentOf(state, prices), 0);
  expect([recorded(), spent, lab.day.spent(new Date())]).toEqual([recomputed(), recomputed(), recomputed()]);
  const verdict = verifyFolder(join(lab.home, 'ledger'));
  expect(verdict.ok).toBe(true);
});

test('what broke off, or was given up, counts at its most in all three', async () => {
  const broken: Fault = { kind: 'dropped', after: 3 };
  lab = await Lab.open({ steps: [{ fault: broken, reply: { text: 'Half' } }, { reply: { text: 'Done.' } }] });
  const session = await lab.begin();
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  const spent = spentOf(session.state, new PriceList(PRICES));
  expect(session.state.spent.unsettled).toBeGreaterThan(0);
  expect([recorded(), lab.day.spent(new Date())]).toEqual([spent, spent]);
  session.close();
});

test('what the agent writes into its memory is recorded by its digest, never by its words', async () => {
  const text = 'The code of the door is 4711.';
  lab = await Lab.open({
    steps: [
      { reply: { toolCalls: [{ name: 'deskhand__remember', input: { file: 'MEMORY.md', text } }] } },
      { reply: { text: 'Done.' } },
    ],
  });
  const own = ownToolsOf(lab.home, []);
  const session = await lab.begin();
  expect(await lab.run(session, undefined, own)).toEqual({ kind: 'idle' });
  const kept = rows().filter(({ name }) => name === 'deskhand__remember');
  expect(kept.map(({ phase, decision }) => [phase, decision?.['decision'] ?? null])).toEqual([
    ['intent', null],
    ['outcome', 'allowed'],
  ]);
  expect(JSON.stringify(rows())).not.toContain('4711');
  session.close();
});

test('of those who want the last dollar of a day at once, one gets it', async () => {
  lab = await Lab.open({});
  const at = new Date();
  const wanted = { most: 0.3e9 };
  const choose = (room: { left: number } | null) =>
    room === null || room.left >= wanted.most ? wanted : 'no room';
  lab.day.limit = 1;
  const asked = await Promise.all(
    Array.from({ length: 10 }, () => new DaySpending(lab.home).reserve(at, choose)),
  );
  const got = asked.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  expect([got.length, lab.day.spent(at)]).toEqual([3, 0.9e9]);
  got[0]?.settle(0.1e9);
  expect(await lab.day.reserve(at, choose)).toMatchObject(wanted);
  expect(await lab.day.reserve(at, choose)).toBe('no room');
  // a torn line hides nothing after it
  appendFileSync(join(lab.home, 'spending', `${at.toISOString().slice(0, 10)}.jsonl`), '\n{"id":"torn');
  got[1]?.settle(0);
  expect(lab.day.spent(at)).toBe(0.7e9);
  expect(await lab.day.reserve(new Date(at.getTime() + 86_400_000), choose)).toMatchObject(wanted);
});

test('a day without room parks, and goes on when there is more, or without a limit', async () => {
  lab = await Lab.open({ steps: [{ reply: { text: 'Done.' } }] });
  lab.day.limit = 0.001;
  const session = await lab.begin();
  const stop = await lab.run(session);
  expect(stop).toMatchObject({ kind: 'parked', why: 'usd' });
  expect(stop.kind === 'parked' && stop.message).toContain('$0.001 a day, for all sessions');
  expect([lab.api.requests.length, rows()]).toEqual([0, []]);
  lab.day.limit = null;
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: MODEL });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  session.close();
});
