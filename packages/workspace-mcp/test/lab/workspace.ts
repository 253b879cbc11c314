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

export type Call = (tool: string, input?: Record<string, unknown>, signal?: AbortSignal) => Promise<Answer>;

/** A session of the server, with real sandboxes; it runs the worker that was built. */
export async function openSession(
  mount: readonly string[],
  options: Record<string, unknown> = {},
): Promise<Call> {
  const home = join(makeTree(), 'state');
  mkdirSync(home, { mode: 0o700 });
  const log = createLog({ level: 'silent', write: () => undefined });
  const surface = await workspace.open(config.schema.parse({ ...options, mount }), { home, log, env: {} });
  const session = surface.session({ id: 'work', actor: 'test' });
  onTestFinished(() => session.close?.());
  return caller(Array.isArray(session.tools) ? session.tools : []);
}

const caller =
  (tools: readonly Tool[]): Call =>
  async (name, input = {}, signal = AbortSignal.timeout(25_000)) => {
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    try {
      const result = await tool.run(tool.input.parse(input), contextOf(signal));
      return { text: result.text, code: null, result };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { text: error.text, code: error.code, result: null };
    }
  };

const nothing = (): never => {
  throw new Error('no tool of this server does that');
};

const contextOf = (signal: AbortSignal): CallContext => ({
  ...{ signal, session: 'work', log: createLog({ level: 'silent', write: () => undefined }) },
  ...{ progress: () => undefined, tellClient: () => undefined, note: () => undefined },
  ...{ elicit: nothing, sample: nothing, roots: nothing, step: nothing },
});
