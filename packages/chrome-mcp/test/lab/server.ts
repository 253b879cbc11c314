import { createLog, Live, ToolError, type CallContext, type Tool } from '@deskhand/server-runtime';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chrome } from '../../src/server.ts';
import { QUIET, type Answer } from './browser.ts';

/** What the person at the client says to a question; `null` when the client cannot show one. */
export type Person = (question: string) => 'deny' | 'once' | 'always' | null;

export interface ServerLab {
  readonly home: string;
  /** Questions that the person was shown. */
  readonly questions: readonly string[];
  /** A session of its own. */
  client(id: string): LabClient;
  close(): Promise<void>;
}

export interface LabClient {
  /** What is offered now. */
  tools(): readonly Tool[];
  call(tool: string, input?: Record<string, unknown>): Promise<Answer>;
  leave(): Promise<void>;
}

export interface ServerLabOptions {
  readonly person?: Person;
  /** A state folder to use and keep. */
  readonly home?: string;
  /** As on the command line, in camelCase. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The whole server with a browser without a window, without a protocol between. */
export async function openServer({
  person = () => null,
  options = {},
  ...rest
}: ServerLabOptions = {}): Promise<ServerLab> {
  const home = rest.home ?? (await mkdtemp(join(tmpdir(), 'deskhand-server-')));
  const usual = { headless: true, isolated: true, timeout: 60, chromeArg: QUIET };
  const parsed = chrome.config.schema.parse({ ...usual, ...options });
  const { PATH } = process.env;
  const log = createLog({ level: 'silent', write: () => undefined });
  const surface = await chrome.open(parsed, { home, log, env: { PATH } });
  const questions: string[] = [];
  const parts: { close?(): void | Promise<void> }[] = [];
  return {
    ...{ home, questions },
    client: (id) => {
      const session = surface.session({ id, actor: 'lab' });
      parts.push(session);
      const tools = (): readonly Tool[] =>
        session.tools instanceof Live ? session.tools.value : session.tools;
      const run: CallContext['step'] = async (name, input) => {
        const tool = tools().find((candidate) => candidate.name === name);
        if (tool === undefined) throw new Error(`there is no tool ${name}`);
        return tool.run(tool.input.parse(input), { ...context(id, { person, questions }), step: run });
      };
      const call: LabClient['call'] = async (name, input = {}) => {
        try {
          const result = await run(name, input);
          return { text: result.text, code: null, result };
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
          return { text: error.text, code: error.code, result: null };
        }
      };
      return { tools, call, leave: async () => session.close?.() };
    },
    close: async () => {
      for (const session of parts) await session.close?.();
      await surface.close();
      if (rest.home === undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function context(
  session: string,
  { person, questions }: { readonly person: Person; readonly questions: string[] },
): CallContext {
  const unasked = (): never => {
    throw new Error('no tool of this server asks so');
  };
  return {
    ...{ signal: new AbortController().signal, session },
    log: createLog({ level: 'silent', write: () => undefined }),
    ...{ sample: unasked, roots: unasked, step: unasked },
    ...{ progress: () => undefined, tellClient: () => undefined, note: () => undefined },
    elicit: ({ message, schema }) => {
      const decision = person(message);
      if (decision === null) return Promise.resolve({ action: 'unavailable', reason: 'no_capability' });
      questions.push(message);
      return Promise.resolve({ action: 'accept', content: schema.parse({ decision }) });
    },
  };
}
