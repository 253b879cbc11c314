import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { z } from 'zod';

import type { Closable } from './belongings.ts';
import type { Desktop } from './desktop.ts';
import { eventually } from './eventually.ts';
import { inRepository } from './workspace.ts';

/** What the person answers to one question; `content` fills the form. */
export interface PersonAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Readonly<Record<string, string | number | boolean | string[]>>;
}

export interface Question {
  readonly message: string;
  /** The JSON Schema of the form. */
  readonly requestedSchema?: unknown;
}

export interface ToolAnswer {
  readonly isError: boolean;
  /** All text parts, joined by line ends. */
  readonly text: string;
  readonly images: readonly { readonly mimeType: string; readonly data: Buffer }[];
  readonly structured: Readonly<Record<string, unknown>>;
  /** From the request to the answer, as the client sees it. */
  readonly ms: number;
}

/** The server in a process of its own, spoken to over the protocol as any host does. */
export interface ToolClient extends Closable {
  readonly pid: number;
  readonly client: Client;
  /** What the person was asked so far. */
  readonly questions: readonly Question[];
  call(tool: string, args?: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
  /** What the server logged so far. */
  log(): string;
}

export interface ToolClientOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** The built command of the server, from the root of the repository. */
  readonly cli?: string;
  /** The person; without one the client says that it cannot ask. */
  readonly onElicit?: (question: Question) => PersonAnswer | Promise<PersonAnswer>;
  /** The era of the protocol: 'legacy' is 2025, and 'auto' asks the server. */
  readonly era?: 'legacy' | 'auto' | { readonly pin: string };
}

const Structured = z.record(z.string(), z.unknown());

const QuestionSchema = z.object({ message: z.string(), requestedSchema: z.unknown() });

/** Asked for its era in place: for the transport itself the client starts the server twice. */
class OneProcess extends StdioClientTransport {}

type CallResult = Awaited<ReturnType<Client['callTool']>>;

function answerOf(result: CallResult, ms: number): ToolAnswer {
  const { content } = result;
  return {
    isError: result.isError ?? false,
    text: content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n'),
    images: content.flatMap((part) =>
      part.type === 'image' ? [{ mimeType: part.mimeType, data: Buffer.from(part.data, 'base64') }] : [],
    ),
    structured: Structured.parse(result.structuredContent ?? {}),
    ms,
  };
}

/** A machine at work may be too slow to read the desktop in one instant: then nothing was done, and is to be asked again. */
const wasTooSlow = ({ isError, text }: ToolAnswer): boolean =>
  isError && text.includes('reading the desktop took too long. Nothing was done. Try again.');

function hearQuestions(client: Client, onElicit: NonNullable<ToolClientOptions['onElicit']>): Question[] {
  const questions: Question[] = [];
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    const question = QuestionSchema.parse({ requestedSchema: undefined, ...params });
    questions.push(question);
    const { action, content } = await onElicit(question);
    return { action, ...(content && { content: { ...content } }) };
  });
  return questions;
}

/** Starts a server on the desktop and connects to it over stdio. */
export async function connectServer(
  desktop: Pick<Desktop, 'env' | 'folder' | 'own'>,
  options: ToolClientOptions = {},
): Promise<ToolClient> {
  const { args = [], cli = 'packages/computer-use-mcp/dist/cli.js', onElicit, era = 'auto' } = options;
  const client = new Client(
    { name: 'deskhand-tests', version: '0.0.0' },
    {
      capabilities: onElicit ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: era },
    },
  );
  const questions = onElicit ? hearQuestions(client, onElicit) : [];
  const transport = new OneProcess({
    command: process.execPath,
    args: [inRepository(cli), ...args],
    env: { ...desktop.env, ...options.env },
    cwd: desktop.folder,
    stderr: 'pipe',
  });
  let log = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  desktop.own({ close: () => client.close() });
  await client.connect(transport).catch((error: unknown) => {
    throw new Error(`the server did not answer: ${log}`, { cause: error });
  });
  return {
    pid: transport.pid ?? 0,
    client,
    questions,
    call: (tool, input = {}) =>
      eventually(`time for ${tool}`, async () => {
        const start = performance.now();
        const result = await client.callTool({ name: tool, arguments: { ...input } });
        const answer = answerOf(result, performance.now() - start);
        return !wasTooSlow(answer) && answer;
      }),
    log: () => log,
    close: () => client.close(),
  };
}
