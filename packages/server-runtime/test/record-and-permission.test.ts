import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../src/index.ts';
import type { AuditRow } from '../src/index.ts';
import { connected, plain, recordedServer, simpleTool } from './fixtures.ts';

describe('the record', () => {
  const failing = (phase: AuditRow['phase']): { append(row: AuditRow): Promise<void> } => ({
    append: async (row) => (row.phase === phase ? Promise.reject(new Error('disk full')) : Promise.resolve()),
  });

  test('refuses the call when its intent cannot be written', async () => {
    let ran = false;
    const tool = simpleTool('acting', () => {
      ran = true;
      return { text: 'done' };
    });
    const { server } = recordedServer([tool], { audit: failing('intent') });
    const client = await connected(server, { era: '2025' });
    expect(await client.callTool({ name: 'acting' })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'audit_unavailable' } },
    });
    expect(ran).toBe(false);
  });

  test.each(['note', 'outcome'] as const)('logs a lost %s and lets the answer through', async (phase) => {
    const tool = simpleTool('acting', (call) => {
      call.note({ why: 'because' });
      return { text: 'done' };
    });
    const { server, logLines } = recordedServer([tool], { audit: failing(phase) });
    const client = await connected(server, { era: '2025' });
    expect(await client.callTool({ name: 'acting' })).toMatchObject({ content: [{ text: 'done' }] });
    expect(logLines.filter((line) => line.includes('an audit row was lost'))).toHaveLength(
      phase === 'note' ? 2 : 1,
    );
  });

  test('has the notes of a tool between intent and outcome, in their order', async () => {
    const tool = simpleTool('acting', (call) => {
      call.note({ tier: 'full' });
      call.note('second');
      return { text: 'done' };
    });
    const { server, rows } = recordedServer([tool]);
    const client = await connected(server, { era: '2025' });
    await client.callTool({ name: 'acting' });
    expect(plain(rows)).toEqual([
      { phase: 'intent', name: 'acting' },
      { phase: 'note', name: 'acting', decision: { tier: 'full' } },
      { phase: 'note', name: 'acting', decision: 'second' },
      { phase: 'outcome', name: 'acting', decision: { status: 'ok' } },
    ]);
    expect(new Set(rows.map((row) => row.ref)).size).toBe(1);
  });

  test('never holds what was typed', async () => {
    const typing = defineTool({
      ...simpleTool('type', () => ({ text: 'hunter2' })),
      input: z.object({ text: z.string() }),
    });
    const { server, rows, logLines } = recordedServer([typing]);
    const client = await connected(server, { era: '2025' });
    await client.callTool({ name: 'type', arguments: { text: 'hunter2' } });
    expect(JSON.stringify([rows, logLines])).not.toContain('hunter2');
  });

  test('gives equal arguments one digest, whatever their order', async () => {
    const input = z.object({ a: z.number(), list: z.array(z.object({ x: z.number(), y: z.number() })) });
    const { server, rows } = recordedServer([
      defineTool({ ...simpleTool('t', () => ({ text: '' })), input }),
    ]);
    const client = await connected(server, { era: '2025' });
    await client.callTool({ name: 't', arguments: { a: 1, list: [{ x: 1, y: 2 }] } });
    await client.callTool({ name: 't', arguments: { list: [{ y: 2, x: 1 }], a: 1 } });
    await client.callTool({ name: 't', arguments: { list: [{ y: 1, x: 2 }], a: 1 } });
    const [first, , second, , other] = rows.map((row) => row.argsSha256);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  test('cuts a name that is no name', async () => {
    const { server, rows } = recordedServer([simpleTool('acting', () => ({ text: 'done' }))]);
    const client = await connected(server, { era: '2025' });
    await client.callTool({ name: 'x'.repeat(5_000) });
    expect(rows.map((row) => row.name)).toEqual(['x'.repeat(200), 'x'.repeat(200)]);
  });
});

describe('the permission', () => {
  const opening = defineTool({
    ...simpleTool('open', () => ({ text: 'opened' })),
    input: z.object({ app: z.string() }),
  });

  test('is asked with the checked input, and its refusal carries code, hint and details', async () => {
    const { server, rows } = recordedServer([opening], {
      permission: ({ tool, input, session }) =>
        input.app === 'notes'
          ? { allowed: true }
          : {
              allowed: false,
              code: 'not_granted',
              message: `${tool.name} of ${String(input.app)} is not allowed in ${session}`,
              hint: 'Call request_access.',
              details: { tier: 'none' },
            },
    });
    const client = await connected(server, { era: '2025' });
    expect(await client.callTool({ name: 'open', arguments: { app: 'vault' } })).toMatchObject({
      isError: true,
      content: [{ text: 'open of vault is not allowed in piece-of-work. Call request_access.' }],
      structuredContent: { tier: 'none', error: { code: 'not_granted' } },
    });
    expect(rows[1]?.decision).toEqual({ status: 'error', code: 'not_granted' });
    expect(await client.callTool({ name: 'open', arguments: { app: 'notes' } })).toMatchObject({
      content: [{ text: 'opened' }],
    });
  });

  test('is not asked about arguments that do not fit', async () => {
    let asked = 0;
    const { server } = recordedServer([opening], {
      permission: () => {
        asked++;
        return { allowed: true };
      },
    });
    const client = await connected(server, { era: '2025' });
    await client.callTool({ name: 'open', arguments: { application: 'notes' } });
    expect(asked).toBe(0);
    await client.callTool({ name: 'open', arguments: { app: 'notes' } });
    expect(asked).toBe(1);
  });

  test('that fails refuses', async () => {
    let ran = false;
    const tool = simpleTool('acting', () => {
      ran = true;
      return { text: '' };
    });
    const { server } = recordedServer([tool], {
      permission: async () => Promise.reject(new Error('grants file is broken')),
    });
    const client = await connected(server, { era: '2025' });
    expect(await client.callTool({ name: 'acting' })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'internal_error' } },
    });
    expect(ran).toBe(false);
  });
});
