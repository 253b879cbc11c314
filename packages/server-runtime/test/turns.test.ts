import { describe, expect, test, vi } from 'vitest';
import { ToolError } from '../src/index.ts';
import type { AuditRow, CallContext, ToolResult } from '../src/index.ts';
import type { Outcome, ToolCall } from '../src/pipeline/call.ts';
import { timeOut } from '../src/pipeline/time-out.ts';
import { connected, gate, plain, recordedServer, simpleTool } from './fixtures.ts';

const done: ToolResult = { text: 'done' };
const quick = simpleTool('quick', () => done);

/** Waits until it is told to stop. */
async function untilAborted(call: CallContext): Promise<ToolResult> {
  return new Promise((_resolve, reject) => {
    call.signal.addEventListener('abort', () => reject(new Error('stopped')));
  });
}

describe.each(['2025', '2026'] as const)('in the protocols of %s', (era) => {
  test('a tool that takes too long is told to stop, and one in time is not', async () => {
    const stopped: boolean[] = [];
    const slow = simpleTool(
      'slow',
      async (call) => untilAborted(call).finally(() => stopped.push(call.signal.aborted)),
      { timeoutMs: 1 },
    );
    const { server, rows } = recordedServer([slow, quick]);
    const client = await connected(server, { era });
    expect(await client.callTool({ name: 'slow' })).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'timeout' } },
    });
    expect(stopped).toEqual([true]);
    expect(rows[1]?.decision).toEqual({ status: 'error', code: 'timeout' });
    expect(await client.callTool({ name: 'quick' })).toMatchObject({ content: [{ text: 'done' }] });
  });

  test('a caller that gives up stops its tool, and the record says so', async () => {
    const started = gate();
    const { server, row } = recordedServer([
      simpleTool('slow', async (call) => {
        started.open();
        return untilAborted(call);
      }),
      quick,
    ]);
    const client = await connected(server, { era });
    const caller = new AbortController();
    const call = client.callTool({ name: 'slow' }, { signal: caller.signal });
    await started.passed;
    caller.abort();
    await expect(call).rejects.toThrow();
    expect(await row((found) => found.phase === 'outcome')).toMatchObject({
      decision: { status: 'error', code: 'cancelled' },
    });
    expect(await client.callTool({ name: 'quick' })).toMatchObject({ content: [{ text: 'done' }] });
  });

  test('a tool that runs at once waits for no other, and one on its turn does', async () => {
    const { passed, open } = gate();
    const order: string[] = [];
    const step = (name: string, more: { readonly atOnce?: boolean } = {}): ReturnType<typeof simpleTool> =>
      simpleTool(
        name,
        async () => {
          if (name === 'long') await passed;
          order.push(name);
          return done;
        },
        more,
      );
    const { server, row } = recordedServer([step('long'), step('looking', { atOnce: true }), step('next')]);
    const client = await connected(server, { era });
    const calls = [client.callTool({ name: 'long' }), client.callTool({ name: 'next' })];
    await row(({ phase, name }) => phase === 'intent' && name === 'next');
    expect(await client.callTool({ name: 'looking' })).toMatchObject({ content: [{ text: 'done' }] });
    open();
    await Promise.all(calls);
    expect(order).toEqual(['looking', 'long', 'next']);
  });

  test('calls of a session run one after another, in their order', async () => {
    const { passed, open } = gate();
    const order: string[] = [];
    const step = (name: string, work: () => Promise<void> | undefined): ReturnType<typeof simpleTool> =>
      simpleTool(name, async () => {
        order.push(`${name} starts`);
        await work();
        order.push(`${name} ends`);
        return done;
      });
    const { server, row } = recordedServer([
      step('first', () => passed),
      step('second', () => undefined),
      step('third', () => undefined),
    ]);
    const client = await connected(server, { era });
    const calls = ['first', 'second', 'third'].map((name) => client.callTool({ name }));
    await row(({ phase, name }) => phase === 'intent' && name === 'third');
    await client.listTools();
    open();
    await Promise.all(calls);
    expect(order).toEqual([
      'first starts',
      'first ends',
      'second starts',
      'second ends',
      'third starts',
      'third ends',
    ]);
  });

  test('a call can be given up while it waits for its turn', async () => {
    const { passed, open } = gate();
    let ran = false;
    const { server, row } = recordedServer([
      simpleTool('first', async () => {
        await passed;
        return done;
      }),
      simpleTool('second', () => {
        ran = true;
        return done;
      }),
      quick,
    ]);
    const client = await connected(server, { era });
    const first = client.callTool({ name: 'first' });
    const caller = new AbortController();
    const second = client.callTool({ name: 'second' }, { signal: caller.signal });
    const third = client.callTool({ name: 'quick' });
    await row(({ phase, name }) => phase === 'intent' && name === 'quick');
    caller.abort();
    await expect(second).rejects.toThrow();
    const outcome = await row(({ phase, name }) => phase === 'outcome' && name === 'second');
    expect(outcome.decision).toEqual({ status: 'error', code: 'cancelled' });
    open();
    await Promise.all([first, third]);
    expect(ran).toBe(false);
  });

  test('a tool that does not stop keeps its turn, and those behind it are told', async () => {
    const { passed, open } = gate();
    const deaf = simpleTool(
      'deaf',
      async () => {
        await passed;
        return done;
      },
      { timeoutMs: 1 },
    );
    const { server } = recordedServer([deaf, quick], { graceMs: 1 });
    const client = await connected(server, { era });
    const busy = { isError: true, structuredContent: { error: { code: 'busy' } } };
    const first = client.callTool({ name: 'deaf' });
    const queued = client.callTool({ name: 'quick' });
    expect(await first).toMatchObject({ structuredContent: { error: { code: 'timeout' } } });
    expect(await queued).toMatchObject(busy);
    expect(await client.callTool({ name: 'quick' })).toMatchObject(busy);
    open();
    expect(await client.callTool({ name: 'quick' })).toMatchObject({ content: [{ text: 'done' }] });
  });
});

test('closing the server cancels what runs and waits until its outcome is written', async () => {
  const started = gate();
  const rows: AuditRow[] = [];
  const { server } = recordedServer(
    [
      simpleTool('slow', async (call) => {
        started.open();
        return untilAborted(call);
      }),
    ],
    {
      audit: {
        async append(row) {
          await new Promise(setImmediate);
          if (row.phase !== 'note') rows.push(row);
        },
      },
    },
  );
  const client = await connected(server, { era: '2025' });
  const call = client.callTool({ name: 'slow' }).catch(() => 'cut off');
  await started.passed;
  await server.close();
  expect(plain(rows)).toEqual([
    { phase: 'intent', name: 'slow' },
    { phase: 'outcome', name: 'slow', decision: { status: 'error', code: 'cancelled' } },
  ]);
  expect(await call).toBe('cut off');
});

describe('the clock of a tool', () => {
  const result: Outcome = { kind: 'result', result: done };

  async function served(work: (call: ToolCall) => Promise<unknown>): Promise<Outcome> {
    vi.useFakeTimers();
    try {
      const call: ToolCall = {
        ref: 'r',
        name: 'quick',
        args: {},
        argsSha256: '',
        session: 's',
        actor: 'a',
        client: { name: 'c', version: '0', protocol: '2025-11-25' },
        signal: new AbortController().signal,
        channel: {
          progress: () => undefined,
          tellClient: () => undefined,
          can: () => false,
          asking: { kind: 'direct', ask: async () => Promise.resolve(undefined) },
        },
        log: { debug() {}, info() {}, warn() {}, error() {}, with: (): never => expect.fail() },
        note: () => undefined,
        tool: quick,
        input: {},
        answers: new Map(),
        hold: (held) => void held.catch(() => undefined),
        offTheClock: (wait) => wait(),
      };
      const outcome = timeOut(1_000)(call, async (inner) => work(inner).then(() => result)).catch(
        (error: unknown) => {
          if (!(error instanceof ToolError)) throw error;
          return { kind: 'error' as const, error };
        },
      );
      await vi.advanceTimersByTimeAsync(60_000);
      return await outcome;
    } finally {
      vi.useRealTimers();
    }
  }

  const wait = async (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

  test('stands still while a person thinks', async () => {
    expect(await served(async (call) => call.offTheClock(() => wait(50_000)))).toEqual(result);
  });

  test('runs while the tool works', async () => {
    expect(await served(() => wait(50_000))).toMatchObject({ kind: 'error', error: { code: 'timeout' } });
  });

  test('goes on after the answer with what was left', async () => {
    const slowAfter = async (call: ToolCall, ms: number): Promise<unknown> => {
      await wait(600);
      await call.offTheClock(() => wait(5_000));
      return wait(ms);
    };
    expect(await served((call) => slowAfter(call, 300))).toEqual(result);
    expect(await served((call) => slowAfter(call, 500))).toMatchObject({ error: { code: 'timeout' } });
  });
});
