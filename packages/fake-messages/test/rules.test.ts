import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeMessages, type FakeMessages } from '../src/index.ts';

const thinking = 'I should add them.';
const reply = { thinking, text: 'Adding', toolCalls: [{ id: 'a', name: 'add', input: {} }] };

let api: FakeMessages;
let client: Anthropic;

beforeAll(async () => {
  api = await startFakeMessages({ steps: Array.from({ length: 200 }, () => ({ reply })) });
  client = new Anthropic({ baseURL: api.url, apiKey: 'none', maxRetries: 0, authToken: null });
});
afterAll(() => api.close());

type Request = Record<string, unknown>;

const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const text = (words = 'Words', more: object = {}) => ({ type: 'text', text: words, ...more });
const use = (id: string) => ({ type: 'tool_use', id, name: 'add', input: {} });
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: '3' });
const cached = { cache_control: { type: 'ephemeral' } };
const tool = { name: 'add', input_schema: { type: 'object' } };

const base = { model: 'claude-sonnet-5-5', max_tokens: 2_000, messages: [user(text())] };
const said = (...messages: object[]): Request => ({ ...base, messages });

async function send(request: Request): Promise<string> {
  const response = await fetch(`${api.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'none', 'anthropic-version': '2026-10-21' },
    body: JSON.stringify({ ...base, ...request }),
  });
  return response.ok ? 'taken' : JSON.stringify(await response.json());
}

const later = { ...tool, name: 'sub', defer_loading: true };
const reference = (name: string) => ({ type: 'tool_reference', tool_name: name });
const found = (...content: object[]) =>
  said(user(text()), assistant(use('a')), user({ ...result('a'), content }));
const older = { model: 'claude-sonnet-5' };

describe.each<readonly [string, Request, RegExp, Request]>([
  ['a key that is not known', { colour: 'red' }, /colour/, { metadata: { user_id: 'me' } }],
  ['no room for an answer', { max_tokens: 0 }, /max_tokens/, { max_tokens: 1 }],
  ['a model that is not known', { model: 'claude-9' }, /not_found_error.*claude-9/, older],
  ['no messages', { messages: [] }, /messages/, said(user(text()))],
  ['an empty text', said(user(text(''))), /messages\.0\.content\.0/, said(user(text('a')))],
  [
    'an assistant that begins',
    said(assistant(text()), user(text())),
    /first message/,
    said(user(text()), assistant(text()), user(text())),
  ],
  ['an assistant at the end', said(user(text()), assistant(text())), /end with a user/, said(user(text()))],
  [
    'a use without its result',
    said(user(text()), assistant(use('a')), user(text())),
    /without tool_result.*: a"/,
    said(user(text()), assistant(use('a')), user(result('a'))),
  ],
  [
    'one result of two',
    said(user(text()), assistant(use('a'), use('b')), user(result('a'))),
    /: b"/,
    said(user(text()), assistant(use('a'), use('b')), user(result('b'), result('a'))),
  ],
  [
    'a result of no use',
    said(user(text()), assistant(text()), user(result('a'))),
    /unexpected.*: a"/,
    said(user(text()), assistant(use('a')), user(result('a'))),
  ],
  [
    'a result twice',
    said(user(text()), assistant(use('a')), user(result('a'), result('a'))),
    /unexpected.*: a"/,
    said(user(text()), assistant(use('a')), user(result('a'))),
  ],
  [
    'words before a result',
    said(user(text()), assistant(use('a')), user(text(), result('a'))),
    /must come before/,
    said(user(text()), assistant(use('a')), user(result('a'), text())),
  ],
  [
    'an id twice',
    said(user(text()), assistant(use('a')), user(result('a')), assistant(use('a')), user(result('a'))),
    /unique: a"/,
    said(user(text()), assistant(use('a')), user(result('a')), assistant(use('b')), user(result('b'))),
  ],
  ['a use by the user', said(user(use('a'))), /tool_use blocks are/, said(user(text()))],
  ['tools of one name', { tools: [tool, tool] }, /unique: add/, { tools: [tool, { ...tool, name: 'sub' }] }],
  [
    'a schema that is no object',
    { tools: [{ ...tool, input_schema: { type: 'string' } }] },
    /tools\.0/,
    { tools: [tool] },
  ],
  [
    'tools that are all put off',
    { tools: [{ ...tool, defer_loading: true }] },
    /must be non-deferred/,
    { tools: [tool, later] },
  ],
  [
    'a mark of the cache on a tool that is put off',
    { tools: [tool, { ...later, ...cached }] },
    /'sub' cannot have both/,
    { tools: [{ ...tool, ...cached }, later] },
  ],
  [
    'a tool that is put off for a model that takes none',
    { model: 'claude-3-7-sonnet', tools: [tool, later] },
    /defer_loading: is not supported/,
    { model: 'claude-3-7-sonnet', tools: [tool] },
  ],
  [
    'a reference to no tool',
    { ...found(reference('sub')), tools: [tool] },
    /Tool reference 'sub' has no corresponding/,
    { ...found(reference('sub')), tools: [tool, later] },
  ],
  [
    'a reference to a tool that is there already',
    { ...found(reference('add')), tools: [tool, later] },
    /Tool reference 'add' has no corresponding/,
    { ...found(reference('sub')), tools: [tool, later] },
  ],
  [
    'a reference among words',
    { ...found(text(), reference('sub')), tools: [tool, later] },
    /stand alone/,
    { ...found(reference('sub'), reference('sub')), tools: [tool, later] },
  ],
  [
    'a choice at the top of a schema',
    { tools: [tool, { ...later, input_schema: { type: 'object', anyOf: [{ required: ['a'] }] } }] },
    /tools\.1\.custom.*top level/,
    { tools: [tool, { ...later, input_schema: { type: 'object', properties: { a: { anyOf: [{}] } } } }] },
  ],
  [
    'an argument with a space in its name',
    { tools: [tool, { ...later, input_schema: { type: 'object', properties: { 'a b': {} } } }] },
    /Property keys should match/,
    { tools: [tool, { ...later, input_schema: { type: 'object', properties: { 'a.b': {} } } }] },
  ],
  [
    'a list of items as older drafts have it',
    { tools: [tool, { ...later, input_schema: { type: 'object', properties: { a: { items: [{}] } } } }] },
    /must match JSON Schema draft 2020-12/,
    { tools: [tool, { ...later, input_schema: { type: 'object', properties: { a: { items: {} } } } }] },
  ],
  [
    'five breakpoints',
    said(user(...Array.from({ length: 5 }, () => text('a', cached)))),
    /maximum of 4.*Found 5/,
    said(user(...Array.from({ length: 4 }, () => text('a', cached)))),
  ],
  [
    'a forced tool',
    { tools: [tool], tool_choice: { type: 'any' } },
    /forced tool use/,
    { ...older, tools: [tool], tool_choice: { type: 'any' } },
  ],
  [
    'a choice that is no tool',
    { ...older, tools: [tool], tool_choice: { type: 'tool', name: 'sub' } },
    /'sub' not found/,
    { ...older, tools: [tool], tool_choice: { type: 'tool', name: 'add' } },
  ],
  ['a temperature', { temperature: 1 }, /temperature/, { ...older, temperature: 1 }],
  [
    'thinking that is off',
    { thinking: { type: 'disabled' } },
    /cannot be disabled/,
    { ...older, thinking: { type: 'disabled' } },
  ],
  [
    'the older tool for computers',
    { tools: [{ type: 'computer_20251124', name: 'computer' }] },
    /not supported/,
    { ...older, tools: [{ type: 'computer_20251124', name: 'computer' }] },
  ],
])('%s', (_name, bad, why, good) => {
  test('is refused, and the like is taken', async () => {
    expect(await send(bad)).toMatch(why);
    expect(await send(good)).toBe('taken');
  });
});

test('thinking is taken as it was written, by the model that wrote it, in its conversation', async () => {
  const { content } = await client.messages.create({
    ...{ model: 'claude-sonnet-5-5', max_tokens: 100 },
    messages: [{ role: 'user', content: 'Words' }],
  });
  const answered = said(user(text()), assistant(...content), user(result('a')));
  expect(await send(answered)).toBe('taken');
  expect(await send({ ...answered, model: 'claude-opus-5-5' })).toMatch(/Invalid `signature`/);
  const changed = content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'Not' } : block));
  expect(await send(said(user(text()), assistant(...changed), user(result('a'))))).toMatch(
    /Invalid `signature`/,
  );
  expect(await send(said(user(text('Other')), assistant(...content), user(result('a'))))).toMatch(
    /Invalid `signature`/,
  );
  expect(await send(said(user(text()), assistant(...content.toReversed()), user(result('a'))))).toMatch(
    /must start/,
  );
});

test('with a budget for thinking a use of a tool keeps what was thought before it', async () => {
  const request = { ...older, thinking: { type: 'enabled', budget_tokens: 1_024 } };
  const without = { ...said(user(text()), assistant(use('a')), user(result('a'))), ...request };
  expect(await send(without)).toMatch(/Expected `thinking`.*found `tool_use`/);
  const earlier = said(user(text()), assistant(use('a')), user(result('a')), assistant(text()), user(text()));
  expect(await send({ ...earlier, ...request })).toBe('taken');
});

test('a body that is no JSON is told as such', async () => {
  const headers = { 'x-api-key': 'none', 'anthropic-version': '2026-10-21' };
  const response = await fetch(`${api.url}/v1/messages`, { method: 'POST', headers, body: '{' });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { message: 'The body is no JSON' } },
  ]);
});
