import {
  createLog,
  ToolError,
  type CallContext,
  type Live,
  type Tool,
  type ToolResult,
} from '@deskhand/server-runtime';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../../src/browser/join.ts';
import { PageScript } from '../../src/browser/page-script.ts';
import { SharedBrowser } from '../../src/browser/shared-browser.ts';
import { BrowserSession } from '../../src/session.ts';
import { browserTools } from '../../src/tools/index.ts';

/** Flags for a machine without a network and without a graphics card. */
export const QUIET = ['--disable-gpu', '--disable-quic', '--site-per-process'];

export interface LabOptions {
  readonly isolated?: boolean;
  readonly browserUrl?: string;
  /** The folder of profiles of a browser that runs, which asks before it is joined. */
  readonly autoConnect?: string;
  /** For the browser, beside those of all tests. */
  readonly flags?: readonly string[];
  /** Milliseconds. */
  readonly deadline?: number;
  readonly roots?: readonly string[];
}

/** What a call came to: the text that the model reads, and whether it is an error. */
export interface Answer {
  readonly text: string;
  readonly code: string | null;
  readonly result: ToolResult | null;
}

export interface Client {
  readonly session: BrowserSession;
  call(tool: string, input?: Record<string, unknown>, signal?: AbortSignal): Promise<Answer>;
}

export interface Lab {
  readonly home: string;
  readonly shared: SharedBrowser;
  /** A session of its own. */
  client(): Client;
  close(): Promise<void>;
}

/** A real browser without a window, with state of its own, for the tests of a file. */
export async function openLab({
  isolated = true,
  browserUrl,
  autoConnect,
  flags = [],
  deadline = 15_000,
  roots = [],
}: LabOptions = {}): Promise<Lab> {
  const home = await mkdtemp(join(tmpdir(), 'deskhand-chrome-'));
  const choice = {
    ...{ executable: undefined, args: [...QUIET, ...flags], headless: true, env: process.env },
    ...{ isolated, home, browserUrl, autoConnect: autoConnect !== undefined, userDataDir: autoConnect },
  };
  const shared = new SharedBrowser((signal) => openBrowser(choice, signal), choice);
  // where the machine is busy a start takes longer than a call may
  if (browserUrl === undefined && autoConnect === undefined) await shared.get(AbortSignal.timeout(60_000));
  const clients: BrowserSession[] = [];
  return {
    ...{ home, shared },
    client: () => {
      const script = new PageScript(import.meta.dirname);
      const session = new BrowserSession({
        shared,
        script,
        deadline,
        isolated,
        downloads: join(home, 'chrome', 'downloads'),
        files: join(home, 'chrome', 'files'),
        ...{ home, roots },
      });
      clients.push(session);
      return { session, call: caller(browserTools(session, { evaluate: true }).tools) };
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await shared.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const caller =
  (tools: Live<readonly Tool[]>): Client['call'] =>
  async (name, input = {}, signal = new AbortController().signal) => {
    const run = (wanted: string, given: unknown): Promise<ToolResult> => {
      const tool = tools.value.find((candidate) => candidate.name === wanted);
      if (tool === undefined) throw new Error(`there is no tool ${wanted}`);
      return tool.run(tool.input.parse(given), context(signal, run));
    };
    try {
      const result = await run(name, input);
      return { text: result.text, code: null, result };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { text: error.text, code: error.code, result: null };
    }
  };

const unasked = (): never => {
  throw new Error('no tool of this server asks');
};

const context = (signal: AbortSignal, step: CallContext['step']): CallContext => ({
  ...{ signal, session: 'lab', log: createLog({ level: 'silent', write: () => undefined }) },
  roots: () => Promise.resolve({ action: 'unavailable', reason: 'no_capability' }),
  ...{ elicit: unasked, sample: unasked, step },
  ...{ progress: () => undefined, tellClient: () => undefined, note: () => undefined },
});
