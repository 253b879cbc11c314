import type { Fault, Reply, Step } from '@deskhand/fake-messages';
import { openGateway, type Gateway } from '@deskhand/gateway';
import { openGrantStore } from '@deskhand/grants';
import { openLedger } from '@deskhand/run-ledger';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Lab, NO_LIMITS } from './lab/lab.ts';
import type { Toy } from './lab/toy-gateway.ts';

const PAGE = '../../../docs/reference/loop.md';
const SERVER = fileURLToPath(new URL('../../gateway/test/fixtures/server.mjs', import.meta.url));
const HOST = fileURLToPath(new URL('fixtures/host.mjs', import.meta.url));
const DONE: Reply = { text: 'Done.' };
const HALF: Reply = { text: 'Half' };

const call = (name: string): Reply => ({ toolCalls: [{ name, input: {} }] });
const fault = (one: Fault, reply?: Reply): readonly Step[] => [
  { reply: call('files__effect') },
  reply === undefined ? { fault: one } : { fault: one, reply },
  { reply: DONE },
];
const says = (...replies: readonly Reply[]): readonly Step[] => replies.map((reply) => ({ reply }));

const CASES: Readonly<Record<string, readonly Step[]>> = {
  'nothing goes wrong': says(call('files__effect'), DONE),
  'the service says 429': fault({ kind: 'rate limit', retryAfter: 0 }),
  'the service says 529': fault({ kind: 'overloaded' }),
  'the service says 500': fault({ kind: 'server error' }),
  'it says 529 in the middle of an answer': fault({ kind: 'overloaded later', after: 2 }, HALF),
  'the connection drops before an answer': fault({ kind: 'dropped', after: 0 }),
  'the connection drops in an answer': fault({ kind: 'dropped', after: 3 }, HALF),
  'an answer stalls': fault({ kind: 'stalled', after: 2 }, HALF),
  'an answer is malformed': fault({ kind: 'malformed', after: 2 }, HALF),
  'an answer is cut at max_tokens': says({ ...HALF, stopReason: 'max_tokens' }, call('files__effect'), DONE),
  'a call is cut at max_tokens': says(
    { ...call('files__effect'), stopReason: 'max_tokens' },
    call('files__effect'),
    DONE,
  ),
  'the model pauses its turn': says({ ...HALF, stopReason: 'pause_turn' }, call('files__effect'), DONE),
  'the model refuses': says({ ...HALF, stopReason: 'refusal' }),
  'the server ends in a call': says(call('files__crash'), call('files__effect'), DONE),
  'the server asks the person': says(call('files__ask'), DONE),
  'there is no such tool': says(call('files__nothing'), call('files__effect'), DONE),
};

const ERAS: Readonly<Record<string, readonly string[]>> = { '2026-07-28': [], '2025-11-25': ['--old'] };

/** A real server of an era behind the real gateway, as tools of a lab. */
async function openServer(lab: Lab, args: readonly string[]): Promise<Readonly<Record<string, Toy>>> {
  const { home } = lab;
  const session = 'results';
  const grants = await openGrantStore({ home });
  const origin = { run: 'run', session, actor: 'deskhand', surface: 'gateway' };
  const ledger = openLedger({ folder: join(home, 'ledger'), ...origin });
  const gateway: Gateway = await openGateway({
    ...{ home, session, grants, ledger, mode: 'ask', env: process.env },
    ask: ({ form }) =>
      Promise.resolve(
        form === null ? { kind: 'allow', scope: 'session' } : { kind: 'filled', content: { colour: 'red' } },
      ),
    servers: [
      {
        ...{ name: 'files', isOwn: false, alwaysLoad: true, timeoutMs: 60_000, startupMs: 60_000 },
        disabledTools: [],
        reached: { kind: 'stdio', command: process.execPath, args: [SERVER, ...args], env: {} },
      },
    ],
  });
  onTestFinished(async () => {
    await gateway.close();
    ledger.close();
    grants.close();
  });
  await expect
    .poll(() => gateway.servers().map(({ state }) => state), { timeout: 60_000 })
    .toEqual(['ready']);
  let calls = 0;
  const toy = (name: string): Toy => ({
    run: (input, options) => gateway.call({ id: `call-${(calls += 1)}`, name, input }, options),
  });
  const names = ['files__effect', 'files__crash', 'files__ask', 'files__nothing'];
  return Object.fromEntries(names.map((name) => [name, toy(name)]));
}

/** How a session ended, its requests, and its calls with how each went. */
async function outcomeOf(steps: readonly Step[], toys: Readonly<Record<string, Toy>>): Promise<string> {
  const lab = await Lab.open({ steps, toys, patience: 1_000 });
  try {
    const session = await lab.begin();
    const stop = await lab.run(session);
    const calls = session.events.flatMap((event) =>
      event.kind === 'call-ended' ? [event.code ?? event.decision] : [],
    );
    session.close();
    expect(lab.api.refusals.filter((text) => /tool_|role/.test(text))).toEqual([]);
    return `${stop.kind === 'idle' ? 'done' : `parked: ${stop.why}`}; calls: ${calls.join(', ') || 'none'}`;
  } finally {
    await lab.close();
  }
}

async function faultRows(): Promise<readonly string[]> {
  const cells: Record<string, string[]> = {};
  for (const args of Object.values(ERAS)) {
    const lab = new Lab();
    onTestFinished(() => lab.close());
    const toys = await openServer(lab, args);
    for (const [name, steps] of Object.entries(CASES))
      (cells[name] ??= []).push(await outcomeOf(steps, toys));
  }
  const titles = Object.keys(ERAS).map((era) => `with a server of ${era}`);
  return tableOf([
    ['what goes wrong', ...titles],
    ...Object.entries(cells).map(([name, found]) => [name, ...found]),
  ]);
}

/** As prettier has it. */
function tableOf([titles = [], ...rows]: readonly (readonly string[])[]): readonly string[] {
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** From the log as it is after each event; how many there are, and how many of them go on to the end. */
async function crashPoints(): Promise<readonly [points: number, resumed: number, refused: number]> {
  const steps = Array.from({ length: 120 }, (): Step => ({
    reply: ({ messages }) => {
      const said = messages.filter(({ role }) => role === 'assistant').length;
      return said < 3
        ? { thinking: 'Go on.', toolCalls: [{ name: said === 1 ? 'write' : 'look', input: {} }] }
        : DONE;
    },
  }));
  const run: Toy['run'] = () => ({
    ...{ kind: 'done', content: [{ type: 'text', text: 'ok' }], isError: false, decision: 'allowed' },
    ...{ code: null, tier: null, ms: 1 },
  });
  const lab = await Lab.open({ steps, toys: { look: { isReadOnly: true, run }, write: { run } } });
  onTestFinished(() => lab.close());
  await once(spawn(process.execPath, [HOST, lab.home, lab.api.url, 'never'], { stdio: 'inherit' }), 'exit');
  const path = join(lab.home, 'sessions', lab.sessions.find('last'), 'events.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  let resumed = 0;
  for (const at of lines.keys()) {
    writeFileSync(path, `${lines.slice(0, at + 1).join('\n')}\n`);
    const session = await lab.sessions.open(lab.sessions.find('last'));
    if (at === 0) session.append({ kind: 'said', content: [{ type: 'text', text: 'Do it' }] });
    session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
    if ((await lab.run(session)).kind === 'idle') resumed += 1;
    session.close();
  }
  return [lines.length, resumed, lab.api.refusals.length];
}

test('the page of results is as the loop is', async () => {
  const rows = await faultRows();
  const [points, resumed, refused] = await crashPoints();
  expect([resumed, refused]).toEqual([points, 0]);
  await expect(
    [
      '# The loop, tried',
      '',
      'Written by `npm test -- test/results.test.ts -u` in `packages/agent-host`; a test fails where it differs. The',
      'model is `fake-messages`, which refuses a request that the service would; the SDK, the gateway and the servers are real.',
      '',
      ...rows,
      '',
      `Killed after each of the ${points} events of a session, it goes on to its end ${resumed} times, with ${refused} requests refused.`,
      '',
    ].join('\n'),
  ).toMatchFileSnapshot(PAGE);
});
