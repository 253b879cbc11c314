import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, ToolError } from '../src/index.ts';
import { connected, plain, rawClient, recordedServer, simpleTool } from './fixtures.ts';

const leftClick = defineTool({
  name: 'left_click',
  title: 'Left click',
  description: 'Clicks.',
  input: z.object({
    coordinate: z.tuple([z.number(), z.number()]),
    text: z.string().optional(),
    steps: z.array(z.object({ ref: z.string(), button: z.enum(['left', 'right']).optional() })).optional(),
  }),
  output: z.object({ tier: z.string(), clicked: z.boolean() }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  async run({ coordinate: [x, y] }) {
    if (x < 0) {
      throw new ToolError('off_screen', 'The point is outside the screen', {
        hint: 'Take a screenshot first.',
        details: { tier: 'full' },
      });
    }
    return Promise.resolve({
      text: `clicked ${x},${y}`,
      images: [
        { data: new Uint8Array([1, 2, 3]), mimeType: 'image/png' },
        { data: 'AQID', mimeType: 'image/png' },
      ],
      structured: { tier: 'full', clicked: true },
    });
  },
});

describe.each(['2025', '2026'] as const)('in the protocols of %s', (era) => {
  test('a tool answers with text, images and structured content', async () => {
    const { server, rows } = recordedServer([leftClick]);
    const client = await connected(server, { era });
    await client.listTools();
    const result = await client.callTool({ name: 'left_click', arguments: { coordinate: [3, 4] } });
    expect(result).toMatchObject({
      content: [
        { type: 'text', text: 'clicked 3,4' },
        { type: 'image', data: 'AQID', mimeType: 'image/png' },
        { type: 'image', data: 'AQID', mimeType: 'image/png' },
      ],
      structuredContent: { tier: 'full', clicked: true },
    });
    expect(result.isError).toBeUndefined();
    const [intent, outcome] = rows;
    expect(intent).toEqual({
      phase: 'intent',
      ref: outcome?.ref,
      name: 'left_click',
      session: 'piece-of-work',
      actor: 'stdio',
      argsSha256: createHash('sha256').update('{"coordinate":[3,4]}').digest('hex'),
    });
    expect(outcome).toMatchObject({
      phase: 'outcome',
      argsSha256: intent?.argsSha256,
      decision: { status: 'ok' },
    });
    expect(rows).toHaveLength(2);
  });

  test('a tool error reaches the model with its hint and programs with its details', async () => {
    const { server, rows } = recordedServer([leftClick]);
    const client = await connected(server, { era });
    await client.listTools();
    expect(await client.callTool({ name: 'left_click', arguments: { coordinate: [-1, 4] } })).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'The point is outside the screen. Take a screenshot first.' }],
      structuredContent: {
        tier: 'full',
        error: {
          code: 'off_screen',
          message: 'The point is outside the screen',
          hint: 'Take a screenshot first.',
        },
      },
    });
    expect(plain(rows)).toEqual([
      { phase: 'intent', name: 'left_click' },
      { phase: 'outcome', name: 'left_click', decision: { status: 'error', code: 'off_screen' } },
    ]);
  });

  test('a bug is short for the model and has its stack in the log', async () => {
    const { server, rows, logLines } = recordedServer([
      simpleTool('broken', () => {
        throw new RangeError('secret detail');
      }),
    ]);
    const client = await connected(server, { era });
    const result = await client.callTool({ name: 'broken' });
    const ref = rows[0]?.ref ?? '';
    expect(result.content).toEqual([
      {
        type: 'text',
        text: `The tool failed because of a bug in this server. Try another way; the server's log has the details under ${ref}.`,
      },
    ]);
    expect(rows[1]?.decision).toEqual({ status: 'error', code: 'internal_error' });
    const line = logLines.find((text) => text.includes('secret detail')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 50, ref, tool: 'broken', err: { type: 'RangeError' } });
  });

  test('a result that breaks the output schema is a bug', async () => {
    const output = z.object({ tier: z.string() });
    const { server } = recordedServer([
      simpleTool('right', () => ({ text: '', structured: { tier: 'full' } }), { output }),
      simpleTool('wrong', () => ({ text: '' }), { output }),
    ]);
    const client = await connected(server, { era });
    await client.listTools();
    expect(await client.callTool({ name: 'right' })).toMatchObject({ structuredContent: { tier: 'full' } });
    expect(await client.callTool({ name: 'wrong' })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'internal_error' } },
    });
  });

  test.each([
    [
      'a near name',
      { coordinates: [1, 2] },
      'Unknown argument `coordinates`. Did you mean `coordinate`? `coordinate` is missing.',
    ],
    ['a missing argument', {}, '`coordinate` is missing.'],
    ['a wrong type', { coordinate: 'here' }, '`coordinate`: Invalid input: expected tuple, received string.'],
    ['an extra argument', { coordinate: [1, 2], speed: 9 }, 'Unknown argument `speed`.'],
    [
      'an extra key further in',
      { coordinate: [1, 2], steps: [{ ref: 'a', speed: 9 }] },
      'Unknown argument `steps.0.speed`.',
    ],
    [
      'a wrong value further in',
      { coordinate: [1, 2], steps: [{ ref: 'a', button: 'middle' }] },
      '`steps.0.button`: Invalid option: expected one of "left"|"right".',
    ],
  ])('%s is refused with what would fit', async (_name, args, problem) => {
    const { server, rows } = recordedServer([leftClick]);
    const client = await connected(server, { era });
    const hint =
      'left_click takes coordinate (required, [number, number]), text (string), steps ({ref, button}[]).';
    expect(await client.callTool({ name: 'left_click', arguments: args })).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: `${problem} ${hint}` }],
      structuredContent: { error: { code: 'invalid_arguments', message: problem, hint } },
    });
    expect(rows[1]?.decision).toEqual({ status: 'error', code: 'invalid_arguments' });
  });

  test('an unknown tool is refused with the tools there are', async () => {
    const { server, rows } = recordedServer([leftClick]);
    const client = await connected(server, { era });
    expect(await client.callTool({ name: 'leftclick' })).toMatchObject({
      isError: true,
      content: [
        {
          type: 'text',
          text: 'There is no tool `leftclick`. Did you mean `left_click`? The tools are: left_click.',
        },
      ],
      structuredContent: { error: { code: 'unknown_tool' } },
    });
    expect(plain(rows)).toEqual([
      { phase: 'intent', name: 'leftclick' },
      { phase: 'outcome', name: 'leftclick', decision: { status: 'error', code: 'unknown_tool' } },
    ]);
  });

  test('progress reaches a caller that asks for it', async () => {
    const { server } = recordedServer([
      simpleTool('slow', (call) => {
        call.progress(1, 2, 'half');
        call.progress(2);
        return { text: 'done' };
      }),
    ]);
    const client = await connected(server, { era });
    const seen: unknown[] = [];
    await client.callTool({ name: 'slow' }, { onprogress: (progress) => seen.push(progress) });
    expect(seen).toEqual([{ progress: 1, total: 2, message: 'half' }, { progress: 2 }]);
    expect(await client.callTool({ name: 'slow' })).toMatchObject({ content: [{ text: 'done' }] });
  });
});

test('the list shows inputs, and outputs that allow errors', async () => {
  const { server } = recordedServer([leftClick]);
  const client = await connected(server, { era: '2025' });
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([
    {
      name: 'left_click',
      title: 'Left click',
      description: 'Clicks.',
      inputSchema: { type: 'object', required: ['coordinate'] },
      outputSchema: {
        type: 'object',
        anyOf: [{ required: ['tier', 'clicked'] }, { required: ['error'] }, { required: ['omitted'] }],
      },
      // the others are the protocol's defaults
      annotations: { readOnlyHint: false, destructiveHint: false },
    },
  ]);
});

test('an argument that is not listed is taken all the same, and an unknown one is not', async () => {
  const tool = defineTool({
    ...simpleTool('end', () => ({ text: '' })),
    input: z.object({ id: z.string().optional(), name: z.string().optional().meta({ unlisted: true }) }),
    run: async ({ id, name }) => Promise.resolve({ text: id ?? name ?? '' }),
  });
  const client = await connected(recordedServer([tool]).server, { era: '2025' });
  const { tools } = await client.listTools();
  expect(tools.map(({ inputSchema }) => inputSchema.properties)).toEqual([{ id: { type: 'string' } }]);
  const call = async (args: Record<string, unknown>): Promise<unknown> =>
    client.callTool({ name: 'end', arguments: args });
  expect(await call({ id: 'a' })).toMatchObject({ content: [{ text: 'a' }] });
  expect(await call({ name: 'b' })).toMatchObject({ content: [{ text: 'b' }] });
  expect(await call({ other: 'c' })).toMatchObject({
    content: [{ text: 'Unknown argument `other`. end takes id (string).' }],
  });
});

test('refined, strict and transforming inputs are tools like any other', async () => {
  const refined = z
    .object({ from: z.number().default(0), to: z.string().transform(Number) })
    .refine(({ from, to }) => from <= to, { message: 'from is after to' });
  const tools = [
    defineTool({
      ...simpleTool('range', () => ({ text: '' })),
      input: refined,
      run: async ({ from, to }) => Promise.resolve({ text: `${from} to ${to + 0}` }),
    }),
    defineTool({
      ...simpleTool('strict', () => ({ text: 'strict' })),
      input: z.strictObject({ a: z.string() }),
    }),
  ];
  const client = await connected(recordedServer(tools).server, { era: '2025' });
  expect((await client.listTools()).tools).toMatchObject([
    { inputSchema: { required: ['to'] } },
    { inputSchema: { required: ['a'] } },
  ]);
  const call = async (name: string, args: Record<string, unknown>): Promise<unknown> =>
    client.callTool({ name, arguments: args });
  expect(await call('range', { to: '5' })).toMatchObject({ content: [{ text: '0 to 5' }] });
  expect(await call('range', { from: 9, to: '5' })).toMatchObject({
    content: [{ text: 'from is after to. range takes from (number), to (required, string).' }],
  });
  expect(await call('strict', { a: 'x' })).toMatchObject({ content: [{ text: 'strict' }] });
  expect(await call('strict', { a: 'x', b: 1 })).toMatchObject({
    content: [{ text: 'Unknown argument `b`. strict takes a (required, string).' }],
  });
});

test('two tools of one name are refused', () => {
  expect(() => recordedServer([leftClick, leftClick])).toThrow('two tools have one name');
});

test('arguments 100 levels deep are served, deeper ones refused and recorded, however deep', async () => {
  const nested = defineTool({
    name: 'nested',
    title: 'Nested',
    description: 'Takes anything.',
    input: z.object({ tree: z.unknown() }),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    run: () => Promise.resolve({ text: 'taken' }),
  });
  const { server, rows } = recordedServer([nested]);
  const call = await rawClient(server);
  const treeOf = (levels: number): unknown => {
    let tree: unknown = 'leaf';
    for (let level = 0; level < levels; level += 1) tree = [tree];
    return tree;
  };
  const answers = [];
  for (const levels of [99, 100, 50_000]) {
    answers.push(await call({ name: 'nested', arguments: { tree: treeOf(levels) } }));
  }
  const refused = { result: { isError: true, structuredContent: { error: { code: 'invalid_arguments' } } } };
  expect(answers).toMatchObject([{ result: { content: [{ text: 'taken' }] } }, refused, refused]);
  expect(rows.map(({ phase }) => phase)).toEqual(Array(3).fill(['intent', 'outcome']).flat());
});
