import { CliError, spawnOwned, Wire } from '@deskhand/server-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { version } from '../version.ts';

/** The machine was too slow for the watchdog of the server, which then did nothing. */
const BUSY = 'desktop_busy';
/** Another server acts on the display. */
const IN_USE = 'desktop_in_use';
const BUSY_TRIES = 20;
const BUSY_MS = 500;

const callResult = z.object({
  content: z
    .array(z.looseObject({ type: z.string(), text: z.string().optional(), data: z.string().optional() }))
    .default([]),
  structuredContent: z.record(z.string(), z.unknown()).default({}),
  isError: z.boolean().default(false),
});

const failure = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string() }),
  because: z.string().optional(),
});

const listed = z.object({ tools: z.array(z.object({ name: z.string() })) });

/** What a tool answered. */
export interface ToolAnswer {
  /** `ok`, or the code of the refusal, also of what was begun and then refused. */
  readonly outcome: string;
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
  /** Encoded pictures. */
  readonly images: readonly { readonly data: string; readonly mimeType: string }[];
}

/** The server in a process of its own, spoken to over the protocol as a client does. */
export interface DrillServer {
  readonly tools: readonly string[];
  call(tool: string, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

export interface DrillServerOptions {
  /** Node and the script of this bin. */
  readonly command: readonly [execPath: string, script: string];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function startDrillServer({ command, args, env }: DrillServerOptions): Promise<DrillServer> {
  const [execPath, script] = command;
  const child = await spawnOwned(execPath, [script, ...args], { env, stderr: 'inherit' });
  try {
    const streams = { input: child.stdout, output: child.stdin };
    const wire = await Wire.open(streams, { name: 'computer-use-mcp drill', version });
    const { tools } = listed.parse(await wire.request('tools/list', {}));
    return {
      tools: tools.map(({ name }) => name),
      call: (name, input) => patiently(wire, { name, arguments: input }),
      close: () => child.close(),
    };
  } catch (error) {
    await child.close();
    throw error;
  }
}

/** Calls again what a slow machine kept the server from even looking at. */
async function patiently(wire: Wire, params: object): Promise<ToolAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = answerOf(await wire.request('tools/call', params));
    if (answer.outcome === IN_USE) throw inUse(answer);
    if (answer.outcome !== BUSY || attempt === BUSY_TRIES) return answer;
    await delay(BUSY_MS);
  }
}

const inUse = ({ structured }: ToolAnswer): CliError =>
  new CliError(failure.parse(structured).error.message, {
    hint: 'Let it rest for a minute, or run the drill where nobody works: --private',
  });

function answerOf(result: unknown): ToolAnswer {
  const { content, structuredContent, isError } = callResult.parse(result);
  const failed = failure.safeParse(structuredContent);
  const { because, error } = failed.data ?? {};
  const code = because ?? error?.code ?? 'an error without a code';
  return {
    outcome: isError ? code : 'ok',
    text: content.flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n'),
    structured: structuredContent,
    images: content.flatMap(({ data, ...rest }) =>
      data === undefined ? [] : [{ data, mimeType: String(rest['mimeType']) }],
    ),
  };
}
