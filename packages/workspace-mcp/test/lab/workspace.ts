import { createLog, ToolError, type CallContext, type Tool, type ToolResult } from '@deskhand/server-runtime';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { config } from '../../src/config.ts';
import { workspace } from '../../src/server.ts';
import { makeTree } from './tree.ts';

/** What a call came to. */
export interface Answer {
  readonly text: string;
  readonly code: string | null;
  readonly result: ToolResult | null;
}

/** What a person says to a question, or nobody is there. */
export type Person = (question: string) => 'deny' | 'once' | 'session' | 'always' | null;

export type Call = (tool: string, input?: Record<string, unknown>, signal?: AbortSignal) => Promise<Answer>;

/** A session; it ends with the test, or before. */
export type OpenSession = Call & { readonly leave: () => Promise<void> };

interface SessionOptions extends Record<string, unknown> {
  readonly person?: Person;
  /** The state folder; one of its own unless told. */
  readonly home?: string;
  /** Its name; `work` unless told. */
  readonly name?: string;
  /** The name was given to the server, so that it may go on in another process. */
  readonly isNamed?: boolean;
}

/** A session of the server, with real sandboxes; it runs the worker that was built. */
export async function openSession(
  mount: readonly string[],
  { person = () => null, home, name = 'work', isNamed = false, ...options }: SessionOptions = {},
): Promise<OpenSession> {
  const state = home ?? join(makeTree(), 'state');
  mkdirSync(state, { mode: 0o700, recursive: true });
  const log = createLog({ level: 'silent', write: () => undefined });
  const surface = await workspace.open(config.schema.parse({ ...options, mount }), {
    ...{ home: state, log, env: {}, ...(isNamed && { session: name }) },
  });
  const session = surface.session({ id: name, actor: 'test' });
  onTestFinished(async () => {
    await session.close?.();
    await surface.close();
  });
  const call = caller(Array.isArray(session.tools) ? session.tools : [], person);
  return Object.assign(call, { leave: async () => session.close?.() });
}

const caller =
  (tools: readonly Tool[], person: Person): Call =>
  async (name, input = {}, signal = AbortSignal.timeout(50_000)) => {
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    try {
      const result = await tool.run(tool.input.parse(input), contextOf(signal, person));
      return { text: result.text, code: null, result };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { text: error.text, code: error.code, result: null };
    }
  };

const nothing = (): never => {
  throw new Error('no tool of this server does that');
};

const contextOf = (signal: AbortSignal, person: Person): CallContext => ({
  ...{ signal, session: 'work', log: createLog({ level: 'silent', write: () => undefined }) },
  ...{ progress: () => undefined, tellClient: () => undefined, note: () => undefined },
  ...{ sample: nothing, roots: nothing, step: nothing },
  elicit: ({ message, schema }) => {
    const decision = person(message);
    return Promise.resolve(
      decision === null
        ? { action: 'unavailable', reason: 'no_capability' }
        : { action: 'accept', content: schema.parse({ decision }) },
    );
  },
});
