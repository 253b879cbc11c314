import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { definePrompt, defineTool, ToolError } from '../src/index.ts';
import type { Prompt, Tool, ToolResult } from '../src/index.ts';
import { connected, gate, plain, rawClient, recordedServer, simpleTool } from './fixtures.ts';

/** Asks once and says what it was told. */
const asking = simpleTool('asking', async (call): Promise<ToolResult> => {
  const answer = await call.elicit({
    key: 'confirm',
    message: 'Really?',
    schema: z.object({ sure: z.boolean(), why: z.string().default('no reason') }),
  });
  return { text: JSON.stringify(answer) };
});

const asked = (action: string, more: object = {}): unknown => ({
  phase: 'note',
  name: 'asking',
  decision: { asked: 'confirm', action, ...more },
});

describe.each(['2025', '2026'] as const)('in the protocols of %s', (era) => {
  test.each([
    [
      'accepts',
      { action: 'accept', content: { sure: true, why: 'I like it' } },
      { action: 'accept', content: { sure: true, why: 'I like it' } },
    ],
    [
      'accepts and leaves a default',
      { action: 'accept', content: { sure: false } },
      { action: 'accept', content: { sure: false, why: 'no reason' } },
    ],
    ['declines', { action: 'decline' }, { action: 'decline' }],
    ['closes the dialog', { action: 'cancel' }, { action: 'cancel' }],
    [
      'sends what does not fit',
      { action: 'accept', content: { sure: 'maybe' } },
      { action: 'unavailable', reason: 'invalid_answer' },
    ],
  ] as const)('the tool learns that the person %s', async (_how, answer, told) => {
    const { server, rows } = recordedServer([asking]);
    const questions: unknown[] = [];
    const client = await connected(server, {
      era,
      answer(params) {
        questions.push(params);
        return answer;
      },
    });
    expect(await client.callTool({ name: 'asking' })).toMatchObject({
      content: [{ type: 'text', text: JSON.stringify(told) }],
    });
    expect(questions).toMatchObject([
      {
        message: 'Really?',
        requestedSchema: {
          properties: { sure: { type: 'boolean' }, why: { type: 'string', default: 'no reason' } },
        },
      },
    ]);
    const { action, reason } = { reason: undefined, ...told };
    const note = asked(action, reason === undefined ? {} : { reason });
    expect(plain(rows)).toContainEqual(note);
  });

  test('a client that cannot ask is told apart from a no', async () => {
    const { server } = recordedServer([asking]);
    const client = await connected(server, { era });
    expect(await client.callTool({ name: 'asking' })).toMatchObject({
      content: [{ text: '{"action":"unavailable","reason":"no_capability"}' }],
    });
  });

  test('with approvals declined nobody is asked and the answer is no', async () => {
    const { server } = recordedServer([asking], { approvals: 'decline' });
    const client = await connected(server, {
      era,
      answer: () => {
        throw new Error('asked');
      },
    });
    expect(await client.callTool({ name: 'asking' })).toMatchObject({
      content: [{ text: '{"action":"decline"}' }],
    });
  });

  test('two questions of one call are both answered', async () => {
    const both = simpleTool('both', async (call) => {
      const schema = z.object({ value: z.string() });
      const first = await call.elicit({ key: 'first', message: 'One?', schema });
      const second = await call.elicit({ key: 'second', message: 'Two?', schema });
      return { text: JSON.stringify([first, second]) };
    });
    const { server } = recordedServer([both]);
    const client = await connected(server, {
      era,
      answer: ({ message }) => ({ action: 'accept', content: { value: message } }),
    });
    expect(await client.callTool({ name: 'both' })).toMatchObject({
      content: [
        {
          text: '[{"action":"accept","content":{"value":"One?"}},{"action":"accept","content":{"value":"Two?"}}]',
        },
      ],
    });
  });

  test('a question that no form can hold is a bug of the tool', async () => {
    const nested = simpleTool('nested', async (call) => {
      const schema = z.object({ deep: z.object({ deeper: z.string() }) });
      const answer = await call.elicit({ key: 'k', message: 'Well?', schema });
      return { text: answer.action };
    });
    const { server } = recordedServer([nested]);
    const client = await connected(server, { era, answer: () => ({ action: 'decline' }) });
    expect(await client.callTool({ name: 'nested' })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'internal_error' } },
    });
  });

  test('a tool that wraps what it catches still gets its answer', async () => {
    const wrapping = simpleTool('asking', async (call) => {
      try {
        return await asking.run({}, call);
      } catch (cause) {
        throw new ToolError('wrapped', 'Something failed', { cause });
      }
    });
    const { server } = recordedServer([wrapping]);
    const client = await connected(server, { era, answer: () => ({ action: 'decline' }) });
    expect(await client.callTool({ name: 'asking' })).toMatchObject({
      content: [{ text: '{"action":"decline"}' }],
    });
  });
});

test('in 2025 a call that asks is one pair of rows', async () => {
  const { server, rows } = recordedServer([asking]);
  const client = await connected(server, { era: '2025', answer: () => ({ action: 'decline' }) });
  await client.callTool({ name: 'asking' });
  expect(plain(rows)).toEqual([
    { phase: 'intent', name: 'asking' },
    asked('decline'),
    { phase: 'outcome', name: 'asking', decision: { status: 'ok' } },
  ]);
});

test('in 2026 each run has its own rows, and the second says which one it continues', async () => {
  const { server, rows } = recordedServer([asking]);
  const client = await connected(server, { era: '2026', answer: () => ({ action: 'decline' }) });
  await client.callTool({ name: 'asking' });
  expect(plain(rows)).toEqual([
    { phase: 'intent', name: 'asking' },
    { phase: 'outcome', name: 'asking', decision: { status: 'input_required', asked: 'confirm' } },
    { phase: 'intent', name: 'asking' },
    { phase: 'note', name: 'asking', decision: { resumes: rows[0]?.ref } },
    asked('decline'),
    { phase: 'outcome', name: 'asking', decision: { status: 'ok' } },
  ]);
  expect(new Set(rows.map((row) => row.ref)).size).toBe(2);
});

test('in 2025 a person who never answers does not hold the call for ever', async () => {
  const { passed, open } = gate();
  const impatient = simpleTool('impatient', async (call) => {
    const schema = z.object({});
    const answer = await call.elicit({ key: 'k', message: 'Hello?', schema, timeoutMs: 1 });
    return { text: JSON.stringify(answer) };
  });
  const { server } = recordedServer([impatient]);
  const client = await connected(server, {
    era: '2025',
    answer: async () => {
      await passed;
      return { action: 'accept', content: {} };
    },
  });
  expect(await client.callTool({ name: 'impatient' })).toMatchObject({
    content: [{ text: '{"action":"unavailable","reason":"no_answer"}' }],
  });
  open();
});

describe('the state of a 2026 call', () => {
  const accept = { confirm: { action: 'accept', content: { sure: true } } };
  const yes = {
    result: { content: [{ text: '{"action":"accept","content":{"sure":true,"why":"no reason"}}' }] },
  };
  const refused = {
    error: { code: -32602, message: 'Invalid or expired requestState' },
  };
  const opened = z.object({ result: z.object({ requestState: z.string() }) });
  const named = (name: string, args: object = {}): object => ({ name, arguments: args });
  const withArguments = defineTool({ ...asking, name: 'deleting', input: z.object({ path: z.string() }) });

  async function opening(params: object): Promise<{
    readonly call: Awaited<ReturnType<typeof rawClient>>;
    readonly requestState: string;
    readonly recorded: ReturnType<typeof recordedServer>;
  }> {
    const recorded = recordedServer([asking, withArguments]);
    const call = await rawClient(recorded.server);
    const { result } = opened.parse(await call(params));
    return { call, requestState: result.requestState, recorded };
  }

  test('lets the answer to its question count', async () => {
    const { call, requestState } = await opening(named('asking'));
    expect(await call({ ...named('asking'), requestState, inputResponses: accept })).toMatchObject(yes);
  });

  test('counts once', async () => {
    const { call, requestState, recorded } = await opening(named('asking'));
    await call({ ...named('asking'), requestState, inputResponses: accept });
    expect(await call({ ...named('asking'), requestState, inputResponses: accept })).toMatchObject(refused);
    expect(recorded.rows.at(-1)?.decision).toEqual({ status: 'error', code: 'invalid_request_state' });
  });

  test('does not count for other arguments', async () => {
    const { call, requestState } = await opening(named('deleting', { path: '/tmp/a' }));
    const answered = { requestState, inputResponses: accept };
    expect(await call({ ...named('deleting', { path: '/home' }), ...answered })).toMatchObject(refused);
    expect(await call({ ...named('deleting', { path: '/tmp/a' }), ...answered })).toMatchObject(yes);
  });

  test('does not count for another tool', async () => {
    const { call, requestState } = await opening(named('deleting', { path: '' }));
    expect(await call({ ...named('asking'), requestState, inputResponses: accept })).toMatchObject(refused);
  });

  test('does not count in another process', async () => {
    const { requestState } = await opening(named('asking'));
    const { call } = await opening(named('asking'));
    expect(await call({ ...named('asking'), requestState, inputResponses: accept })).toMatchObject(refused);
  });

  test.each([
    ['changed', (state: string) => state.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['made up', () => 'v1.e30.AAAA'],
    ['empty', () => ''],
  ])('does not count when it is %s', async (_how, forge) => {
    const { call, requestState } = await opening(named('asking'));
    const forged = { ...named('asking'), requestState: forge(requestState), inputResponses: accept };
    expect(await call(forged)).toMatchObject(refused);
  });

  test('cannot be left out: an answer to nothing is ignored and the question comes again', async () => {
    const { call } = await opening(named('asking'));
    expect(await call({ ...named('asking'), inputResponses: accept })).toMatchObject({
      result: { resultType: 'input_required', inputRequests: { confirm: {} } },
    });
  });

  test('does not let an answer count for a question with other words', async () => {
    let message = 'Delete a draft?';
    const changing = simpleTool('changing', async (call) => {
      const answer = await call.elicit({ key: 'confirm', message, schema: z.object({ sure: z.boolean() }) });
      return { text: answer.action };
    });
    const call = await rawClient(recordedServer([changing]).server);
    const { result } = opened.parse(await call(named('changing')));
    message = 'Delete everything?';
    const answered = { ...named('changing'), requestState: result.requestState, inputResponses: accept };
    expect(await call(answered)).toMatchObject({
      result: { resultType: 'input_required', inputRequests: { confirm: { params: { message } } } },
    });
  });
});

describe('questions asked together in 2026', () => {
  const schema = z.object({ value: z.string() });
  const pair = (second: string): Tool =>
    simpleTool('pair', async (call) => {
      const answers = await Promise.all([
        call.elicit({ key: 'first', message: 'One?', schema }),
        call.elicit({ key: second, message: 'Two?', schema }),
      ]);
      return { text: JSON.stringify(answers.map(({ action }) => action)) };
    });
  const round = z.object({
    result: z.object({ requestState: z.string(), inputRequests: z.record(z.string(), z.unknown()) }),
  });
  const yes = { action: 'accept', content: { value: 'yes' } };

  test('come again only for what is still open', async () => {
    const { server, rows } = recordedServer([pair('second')]);
    const call = await rawClient(server);
    const first = round.parse(await call({ name: 'pair' })).result;
    expect(Object.keys(first.inputRequests)).toEqual(['first', 'second']);
    const half = {
      name: 'pair',
      requestState: first.requestState,
      inputResponses: { second: yes, other: yes },
    };
    const second = round.parse(await call(half)).result;
    expect(Object.keys(second.inputRequests)).toEqual(['first']);
    const rest = { name: 'pair', requestState: second.requestState, inputResponses: { first: yes } };
    expect(await call(rest)).toMatchObject({ result: { content: [{ text: '["accept","accept"]' }] } });
    expect(rows[1]?.decision).toEqual({ status: 'input_required', asked: 'first, second' });
  });

  test('that have one key are a bug of the tool', async () => {
    const call = await rawClient(recordedServer([pair('first')]).server);
    expect(await call({ name: 'pair' })).toMatchObject({
      result: { isError: true, structuredContent: { error: { code: 'internal_error' } } },
    });
  });
});

test('a state of one prompt does not count for another', async () => {
  const prompt = (name: string): Prompt =>
    definePrompt({
      name,
      arguments: z.object({}),
      async get(_args, call) {
        const answer = await call.elicit({ key: 'confirm', message: 'Sure?', schema: z.object({}) });
        return [{ role: 'user', content: { type: 'text', text: answer.action } }];
      },
    });
  const { server } = recordedServer([], { prompts: [prompt('one'), prompt('other')] });
  const get = await rawClient(server, 'prompts/get');
  const opened = z.object({ result: z.object({ requestState: z.string() }) });
  const { requestState } = opened.parse(await get({ name: 'one' })).result;
  const answered = { requestState, inputResponses: { confirm: { action: 'decline' } } };
  expect(await get({ name: 'other', ...answered })).toMatchObject({ error: { code: -32602 } });
  expect(await get({ name: 'one', ...answered })).toMatchObject({
    result: { messages: [{ content: { text: 'decline' } }] },
  });
});
