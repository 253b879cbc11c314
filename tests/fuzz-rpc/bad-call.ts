import { z } from 'zod';
import { pick } from '../fuzz-race/random.ts';

/** What comes back: an error for what is wrong, no result for what asks nothing, or anything well-formed. */
export type Expected = 'error' | 'silence' | 'answer';

/** A message that no client should send. */
export interface BadCall {
  readonly kind: string;
  /** The bytes of the body, or of the line. */
  readonly body: string | Buffer;
  /** The id that an answer must carry; `null` when the message has none that could come back. */
  readonly id: number | null;
  readonly expected: Expected;
}

export const ListedTool = z.object({
  name: z.string(),
  inputSchema: z.looseObject({
    properties: z.record(z.string(), z.unknown()).default({}),
    required: z.array(z.string()).default([]),
  }),
});
export type ListedTool = z.infer<typeof ListedTool>;

/** What makes a request differ from one call to the next. */
export interface Dice {
  readonly random: () => number;
  readonly tools: readonly ListedTool[];
  /** Goes into `params._meta` of every request, as the 2026-07-28 protocol wants it. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
}

type Make = (id: number, dice: Dice) => Omit<BadCall, 'kind'>;

const MEGABYTE = 2 ** 20;
const DEPTH = 5000;

const NAMES = [
  '',
  ' ',
  'no_such_tool',
  '__proto__',
  'constructor',
  '../../etc',
  'x'.repeat(5000),
  '\u0000',
  '💥',
];
const ODD: readonly unknown[] = [
  { nested: { wrong: true } },
  [[[]]],
  { toString: 'x', valueOf: 1 },
  [null, { __proto__: null }],
];
const METHODS = ['', 'tools/nothing', 'rpc.discover', 'constructor', 'tools/call/../list', 'x'.repeat(2000)];

const request = (id: unknown, method: unknown, params: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** `tools/call` with whatever is given as arguments. */
function call(
  id: number,
  dice: Dice,
  { name, args }: { name: unknown; args: unknown },
): Omit<BadCall, 'kind'> {
  const params = { name, arguments: args, ...(dice.meta && { _meta: dice.meta }) };
  return { id, expected: 'error', body: request(id, 'tools/call', params) };
}

function some<T>({ random }: Dice, choices: readonly T[]): T {
  const [first, ...rest] = choices;
  if (first === undefined) throw new Error('nothing to choose from');
  return pick(random, [first, ...rest]);
}

/** A tool that takes something, with arguments that look right and may not be. */
function likely(dice: Dice): { readonly tool: ListedTool; readonly args: Record<string, unknown> } {
  const tool = some(
    dice,
    dice.tools.filter(({ inputSchema }) => Object.keys(inputSchema.properties).length > 0),
  );
  const names = Object.keys(tool.inputSchema.properties);
  return { tool, args: Object.fromEntries(names.map((name) => [name, dice.random()])) };
}

/** Text, which is also a number, a boolean or a list in JSON that a careless reader coerces. */
const wrongValue = (dice: Dice): unknown => some(dice, ODD);

const kinds: Readonly<Record<string, Make>> = {
  'a tool that does not exist': (id, dice) => call(id, dice, { name: some(dice, NAMES), args: {} }),
  'a name that is no text': (id, dice) => call(id, dice, { name: some(dice, [1, null, {}, []]), args: {} }),
  'a value of another type': (id, dice) => {
    const { tool, args } = likely(dice);
    const name = some(dice, Object.keys(args));
    return call(id, dice, { name: tool.name, args: { ...args, [name]: wrongValue(dice) } });
  },
  'only unknown keys': (id, dice) => {
    const { name } = some(dice, dice.tools);
    const key = some(dice, ['nothing', '__proto__x', 'constructor', 'approve', '💥', 'x'.repeat(300)]);
    return call(id, dice, { name, args: { [key]: true } });
  },
  'missing arguments': (id, dice) => {
    const needy = dice.tools.filter(({ inputSchema }) => inputSchema.required.length > 0);
    const { name } = some(dice, needy);
    return call(id, dice, { name, args: {} });
  },
  'arguments that are no object': (id, dice) =>
    call(id, dice, {
      name: some(dice, dice.tools).name,
      args: some<unknown>(dice, [[], 'x', 7, true, [{}]]),
    }),
  'numbers beyond all bounds': (id, dice) => {
    const { tool, args } = likely(dice);
    const numbers = some(dice, ['1e999', '-1e999', '9007199254740993', '1e-400', '-0']);
    const broken = Object.fromEntries(Object.keys(args).map((name) => [name, '@']));
    const { body } = call(id, dice, { name: tool.name, args: { ...broken, unknown_key: 0 } });
    return { id, expected: 'error', body: body.toString().replaceAll('"@"', numbers) };
  },
  'an argument of a megabyte': (id, dice) => {
    const { tool, args } = likely(dice);
    const name = some(dice, Object.keys(args));
    const big = dice.random() < 0.1 ? 'x'.repeat(MEGABYTE) : 'x'.repeat(20_000);
    return call(id, dice, { name: tool.name, args: { ...args, [name]: big, unknown_key: big.length } });
  },
  'nesting without end': (id, dice) => {
    const { body } = call(id, dice, { name: some(dice, dice.tools).name, args: { deep: '@' } });
    return {
      id,
      expected: 'error',
      body: body.toString().replace('"@"', '['.repeat(DEPTH) + ']'.repeat(DEPTH)),
    };
  },
  'a method that does not exist': (id, dice) => ({
    id,
    expected: 'error',
    body: request(id, some(dice, METHODS), dice.meta ? { _meta: dice.meta } : {}),
  }),
  'a resource or prompt that does not exist': (id, dice) => {
    const [method, params] = some<readonly [string, object]>(dice, [
      ['resources/read', { uri: 'deskhand://results/guess' }],
      ['resources/read', { uri: 'file:///etc/passwd' }],
      ['resources/read', { uri: 7 }],
      ['prompts/get', { name: '__proto__' }],
    ]);
    return {
      id,
      expected: 'error',
      body: request(id, method, { ...params, ...(dice.meta && { _meta: dice.meta }) }),
    };
  },
  'a protocol version from nowhere': (id, dice) => {
    const version = some<unknown>(dice, ['1999-01-01', '2099-12-31', '', 7, {}]);
    const _meta = { ...dice.meta, 'io.modelcontextprotocol/protocolVersion': version };
    return { id, expected: 'answer', body: request(id, 'tools/list', { _meta }) };
  },
  'params that are no object': (id, dice) => ({
    id,
    expected: 'answer',
    body: request(id, 'tools/call', some<unknown>(dice, [[], 'x', 1, null])),
  }),
  'another version of JSON-RPC': (id, dice) => ({
    id: null,
    expected: 'answer',
    body: JSON.stringify({ jsonrpc: some<unknown>(dice, ['1.0', 2, null, '']), id, method: 'tools/list' }),
  }),
  'an id that is none': (_id, dice) => ({
    id: null,
    expected: 'answer',
    body: request(some<unknown>(dice, [{}, [], true, null]), 'tools/list', {}),
  }),
  'no JSON': (id, dice) => {
    const whole = call(id, dice, { name: some(dice, dice.tools).name, args: {} }).body.toString();
    const body = some<string | Buffer>(dice, [
      whole.slice(0, Math.floor(dice.random() * whole.length)),
      whole.replaceAll('"', "'"),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x00, 0x7b]),
      '{"jsonrpc":"2.0","id":',
      'GET / HTTP/1.1',
      '\u2028',
    ]);
    return { id: null, expected: 'answer', body };
  },
  'a list of messages': (id, dice) => ({
    id: null,
    expected: 'answer',
    body: `[${request(id, 'tools/list', {})},${request(some(dice, [1, 'a']), 'ping', {})}]`,
  }),
  'a notification of nothing': (id, dice) => ({
    id: null,
    expected: 'silence',
    body: JSON.stringify({
      jsonrpc: '2.0',
      method: some(dice, ['notifications/cancelled', 'notifications/progress', 'notifications/none']),
      params: { requestId: id + 5_000_000, progressToken: 'nobody', progress: 1 },
    }),
  }),
  'an answer that nobody asked for': (id, dice) => ({
    id: null,
    expected: 'silence',
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: id + 5_000_000,
      result: some<unknown>(dice, [{}, null, 'x']),
    }),
  }),
};

const KINDS = Object.entries(kinds);

export function badCall(id: number, dice: Dice): BadCall {
  const [kind, make] = some(dice, KINDS);
  return { kind, ...make(id, dice) };
}
