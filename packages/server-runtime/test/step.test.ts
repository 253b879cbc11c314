import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, ToolError, type Tool } from '../src/index.ts';
import { connected, recordedServer, simpleTool } from './fixtures.ts';

const twice = defineTool({
  name: 'twice',
  title: 'Twice',
  description: 'Doubles a number.',
  input: z.object({ number: z.number() }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  run: ({ number }) => Promise.resolve({ text: String(2 * number) }),
});

const fails = simpleTool('fails', () => {
  throw new ToolError('no_luck', 'It failed', { hint: 'Try again.' });
});

const asks = simpleTool('asks', async (call) => {
  const { action } = await call.elicit({ key: 'q', message: 'Sure?', schema: z.object({}) });
  return { text: action };
});

/** A tool that runs one step and says what came of it. */
const stepping = (name: string, input: unknown): Tool =>
  simpleTool('stepping', async (call) => {
    try {
      return { text: (await call.step(name, input)).text };
    } catch (error) {
      if (error instanceof ToolError) return { text: `${error.code}: ${error.message}` };
      throw error;
    }
  });

async function textOf(tool: Tool, options: Parameters<typeof recordedServer>[1] = {}) {
  const { server, rows } = recordedServer([...new Set([tool, twice, fails, asks])], options);
  const client = await connected(server, { era: '2026', answer: () => ({ action: 'accept' }) });
  const { content } = await client.callTool({ name: tool.name, arguments: {} });
  return { text: content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(), rows };
}

describe('a step', () => {
  test('is another tool of the server, and leaves two notes in the call', async () => {
    const { text, rows } = await textOf(stepping('twice', { number: 21 }));
    expect(text).toBe('42');
    const digest: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(rows.map(({ phase, name, decision }) => ({ phase, name, decision }))).toEqual([
      { phase: 'intent', name: 'stepping', decision: undefined },
      {
        phase: 'note',
        name: 'stepping',
        decision: { step: 'twice', argsSha256: digest },
      },
      { phase: 'note', name: 'stepping', decision: { step: 'twice', status: 'ok' } },
      { phase: 'outcome', name: 'stepping', decision: { status: 'ok' } },
    ]);
  });

  test.each([
    ['a tool that does not exist', 'nothing', {}, /^unknown_tool: /],
    ['arguments that do not fit', 'twice', { number: 'x' }, /^invalid_arguments: /],
    ['arguments that nobody knows', 'twice', { number: 1, more: 1 }, /^invalid_arguments: /],
    ['no object', 'twice', null, /^invalid_arguments: /],
    ['a tool that fails', 'fails', {}, /^no_luck: It failed/],
  ])('of %s fails as the call would', async (_what, name, input, message) => {
    const { text, rows } = await textOf(stepping(name, input));
    expect(text).toMatch(message);
    expect(rows.map(({ decision }) => decision)).toContainEqual(
      expect.objectContaining({ step: name, status: 'error' }),
    );
  });

  test('needs the permission that the call would need', async () => {
    const options = {
      permission: ({ tool }: { tool: Tool }) =>
        tool.name === 'twice'
          ? ({ allowed: false, code: 'denied', message: 'Not twice' } as const)
          : ({ allowed: true } as const),
    };
    expect((await textOf(stepping('twice', { number: 1 }), options)).text).toBe('denied: Not twice');
    expect((await textOf(stepping('fails', {}), options)).text).toMatch(/^no_luck/);
  });

  test('cannot ask the person, which would run the steps before it twice', async () => {
    expect((await textOf(stepping('asks', {}))).text).toBe('unavailable');
    expect((await textOf(asks)).text).toBe('accept');
  });
});
