import type { Step } from '@deskhand/fake-messages';
import { afterEach, expect, test } from 'vitest';
import { Lab, NO_LIMITS } from './lab/lab.ts';
import { asksFirst, said, type Toy } from './lab/toy-gateway.ts';

let lab: Lab;

afterEach(() => lab.close());

const call = (name: string, input: Record<string, unknown> = {}): Step => ({
  reply: { thinking: 'A tool does it.', toolCalls: [{ name, input }] },
});
const done: Step = { reply: { text: 'Done.' } };
const echo: Toy = { isReadOnly: true, run: ({ text }) => said(String(text)) };

test('a task with calls runs to its end, and each request is in order', async () => {
  lab = await Lab.open({ steps: [call('echo', { text: 'hello' }), done], toys: { echo } });
  const session = await lab.begin();
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(session.events.map(({ kind }) => kind)).toEqual([
    ...['started', 'said', 'asked', 'answered', 'call-started', 'call-ended', 'asked', 'answered'],
  ]);
  expect(lab.api.refusals).toEqual([]);
  lab.api.done();
  session.close();
});

test('calls that read run side by side, and the others in order after them', async () => {
  const running: string[] = [];
  let most = 0;
  let arrived: () => void = () => undefined;
  const both = new Promise<void>((resolve) => (arrived = resolve));
  const slow: Toy['run'] = async ({ name }) => {
    running.push(String(name));
    most = Math.max(most, running.length);
    if (running.length === 2) arrived();
    await both;
    running.splice(running.indexOf(String(name)), 1);
    return said('ok');
  };
  const write: Toy['run'] = ({ name }) => {
    expect(running).toEqual([]);
    running.push(String(name));
    queueMicrotask(() => running.splice(0));
    return said('written');
  };
  const toolCalls = ['a', 'b'].map((name) => ({ name: 'read', input: { name } }));
  const writes = ['c', 'd'].map((name) => ({ name: 'write', input: { name } }));
  lab = await Lab.open({
    steps: [{ reply: { toolCalls: [...toolCalls, ...writes] } }, done],
    toys: { read: { isReadOnly: true, run: slow }, write: { run: write } },
  });
  const session = await lab.begin();
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(most).toBe(2);
  expect(lab.gateway.calls.map(({ input }) => input['name'])).toEqual(['a', 'b', 'c', 'd']);
  session.close();
});

test.each([
  { fault: { kind: 'overloaded' as const } },
  { fault: { kind: 'rate limit' as const, retryAfter: 0 } },
  { fault: { kind: 'server error' as const } },
  { fault: { kind: 'dropped' as const, after: 0 } },
  { fault: { kind: 'dropped' as const, after: 3 }, reply: { text: 'Half' } },
  { fault: { kind: 'stalled' as const, after: 2 }, reply: { text: 'Half' } },
  { fault: { kind: 'malformed' as const, after: 2 }, reply: { text: 'Half' } },
  { fault: { kind: 'overloaded later' as const, after: 2 }, reply: { text: 'Half' } },
])('goes on after $fault', async (step) => {
  const steps = [call('echo', { text: 'x' }), step, done];
  lab = await Lab.open({ steps, toys: { echo }, patience: 1_000 });
  const session = await lab.begin();
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(session.events.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
  expect(lab.api.refusals.filter((text) => /tool_|role/.test(text))).toEqual([]);
  lab.api.done();
  session.close();
});

test.each([
  { isBegun: true as const, told: 1 },
  { isBegun: undefined, told: 0 },
])('a stop while a call waits for a person leaves it waiting; begun: $isBegun', async ({ isBegun, told }) => {
  const stop = new AbortController();
  const question = { id: 'q', server: 'toy', tool: 'send', input: {}, reason: 'It asks.', form: null };
  const ask = (id: string): Promise<never> => {
    session.append({ kind: 'asked-person', id, question: { ...question, ...(isBegun && { isBegun }) } });
    stop.abort();
    return new Promise(() => undefined);
  };
  const idOf = (): string => session.state.open[0]?.call.id ?? '';
  const send: Toy = { run: (_input, { answer }) => (answer === undefined ? ask(idOf()) : said('sent')) };
  lab = await Lab.open({ steps: [call('send'), done], toys: { send } });
  const session = await lab.begin();
  expect(await lab.run(session, stop.signal)).toMatchObject({ kind: 'parked', why: 'stopped' });
  expect(session.state.open).toMatchObject([{ phase: 'waiting', question: { id: 'q' } }]);
  session.append({ kind: 'person-answered', id: idOf(), answer: { kind: 'allow', scope: 'once' } });
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  const messages = JSON.stringify(lab.api.requests.at(-1)?.messages);
  expect(messages).toContain('sent');
  expect(messages).not.toContain('Interrupted');
  expect(messages.match(/begun twice/g)?.length ?? 0).toBe(told);
  session.close();
});

test('an answer that was cut goes on, and a call of it is not made', async () => {
  const write: Toy = { run: () => said('written') };
  lab = await Lab.open({
    steps: [
      { reply: { text: 'Half', stopReason: 'max_tokens' } },
      { reply: { toolCalls: [{ name: 'write', input: {} }], stopReason: 'max_tokens' } },
      { reply: { text: 'So far', stopReason: 'pause_turn' } },
      done,
    ],
    toys: { write },
  });
  const session = await lab.begin();
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(lab.gateway.calls).toEqual([]);
  expect(lab.api.refusals).toEqual([]);
  session.close();
});

test('answers that are cut for ever park the session', async () => {
  const cut = { reply: { text: 'Half', stopReason: 'max_tokens' as const } };
  lab = await Lab.open({ steps: Array.from({ length: 9 }, () => cut) });
  const session = await lab.begin();
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'cut' });
  session.close();
});

test('a refusal parks the session; other words take it on', async () => {
  lab = await Lab.open({ steps: [{ reply: { text: 'I', stopReason: 'refusal' } }, done] });
  const session = await lab.begin();
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'refused' });
  session.append({ kind: 'said', content: [{ type: 'text', text: 'In other words' }] });
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(lab.api.refusals).toEqual([]);
  session.close();
});

test('a fault that does not pass parks at once, and the session goes on when it is mended', async () => {
  lab = await Lab.open({ steps: [] });
  const session = await lab.begin();
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'fault' });
  await lab.script([done]);
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  session.close();
});

test('a question that nobody is there for parks, and its answer takes the same call on, also in another process', async () => {
  let sent = 0;
  const send: Toy = { run: asksFirst(() => (sent++, said('sent'))) };
  lab = await Lab.open({ steps: [call('send', { to: 'ada' }), done], toys: { send } });
  const session = await lab.begin();
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'question' });
  expect(sent).toBe(0);
  session.close();
  const again = await lab.sessions.open(session.id);
  const [open] = again.state.open;
  expect(open?.question).toMatchObject({ tool: 'send', input: { to: 'ada' } });
  const id = open?.call.id ?? '';
  again.append({ kind: 'person-answered', id, answer: { kind: 'allow', scope: 'once' } });
  again.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(again)).toEqual({ kind: 'idle' });
  expect(sent).toBe(1);
  expect(again.state.pinned.decisions).toEqual(['allowed (once): toy, send, {"to":"ada"}']);
  again.close();
});

test('a no is told to the model', async () => {
  const send: Toy = { run: asksFirst(() => said('sent')) };
  lab = await Lab.open({ steps: [call('send'), done], toys: { send } });
  const session = await lab.begin();
  await lab.run(session);
  const id = session.state.open[0]?.call.id ?? '';
  session.append({ kind: 'person-answered', id, answer: { kind: 'deny' } });
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  await lab.run(session);
  expect(JSON.stringify(lab.api.requests.at(-1)?.messages)).toContain('The person said no.');
  session.close();
});

test('an abort does not wait for a call that does not listen; the session goes on without doing it again', async () => {
  const stop = new AbortController();
  const deaf: Toy = {
    run: () => {
      stop.abort(new Error('enough'));
      return new Promise(() => undefined);
    },
  };
  lab = await Lab.open({ steps: [call('deaf'), done], toys: { deaf } });
  const session = await lab.begin();
  expect(await lab.run(session, stop.signal)).toMatchObject({ kind: 'parked', why: 'stopped' });
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(lab.gateway.calls).toHaveLength(1);
  expect(JSON.stringify(lab.api.requests.at(-1)?.messages)).toContain('may or may not have happened');
  session.close();
});

test('a person who presses the stop key at the desktop stops all calls, and what was to follow is not made', async () => {
  const key: Toy = {
    run: () => ({ ...said('A person pressed Escape.', true), code: 'aborted_by_person' }),
  };
  let cancelled = false;
  const slow: Toy = {
    isReadOnly: true,
    run: (_, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          cancelled = true;
          resolve(said('cancelled', true));
        });
      }),
  };
  const three = { reply: { toolCalls: ['slow', 'look', 'write'].map((name) => ({ name, input: {} })) } };
  const toys = { slow, look: { ...key, isReadOnly: true }, write: { run: () => said('written') } };
  lab = await Lab.open({ steps: [three, call('write'), done], toys });
  const session = await lab.begin();
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'stopped' });
  expect(cancelled).toBe(true);
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  expect(lab.gateway.calls.map(({ name }) => name)).toEqual(['slow', 'look', 'write']);
  expect(JSON.stringify(lab.api.requests[1]?.messages)).toContain('Not made: a call before it was stopped.');
  session.close();
});

test('an abort while the model speaks parks, and the same is asked again', async () => {
  const stop = new AbortController();
  lab = await Lab.open({ steps: [{ fault: { kind: 'stalled', after: 4 }, reply: { text: 'Half' } }, done] });
  const session = await lab.begin();
  const stopped = lab.run(session, stop.signal);
  await expect.poll(() => lab.heard.some(({ kind }) => kind === 'model')).toBe(true);
  stop.abort();
  expect(await stopped).toMatchObject({ kind: 'parked', why: 'stopped' });
  session.append({ kind: 'resumed', limits: NO_LIMITS, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  const [first, second] = lab.api.requests;
  expect(second?.messages).toEqual(first?.messages);
  session.close();
});

test('a limit of turns parks, and a higher one takes the session on', async () => {
  const steps = [call('echo', { text: 'a' }), call('echo', { text: 'b' }), done];
  lab = await Lab.open({ steps, toys: { echo } });
  const session = await lab.begin({ limits: { turns: 2, usd: null } });
  expect(await lab.run(session)).toMatchObject({ kind: 'parked', why: 'turns' });
  expect(lab.api.requests).toHaveLength(2);
  session.append({ kind: 'resumed', limits: { turns: 5, usd: null }, model: 'claude-opus-5-5' });
  expect(await lab.run(session)).toEqual({ kind: 'idle' });
  session.close();
});

test('what a server becomes is told to the model, without another prefix', async () => {
  const toy: Toy = {
    run: () => {
      const status = {
        name: 'shop',
        state: 'stopped',
        since: '2026-11-22T10:00:00.000Z',
        generation: 1,
        tools: 0,
        problem: 'it crashed',
        retry: null,
        weaknesses: null,
      } as const;
      lab.gateway.say({ kind: 'server', status });
      return said('ok');
    },
  };
  lab = await Lab.open({ steps: [call('toy'), done], toys: { toy } });
  const session = await lab.begin();
  await lab.run(session);
  const [first, second] = lab.api.requests;
  expect(JSON.stringify(second?.messages.at(-1))).toContain('The server shop is stopped: it crashed.');
  expect([second?.system, second?.tools]).toEqual([first?.system, first?.tools]);
  expect(lab.api.refusals).toEqual([]);
  session.close();
});
