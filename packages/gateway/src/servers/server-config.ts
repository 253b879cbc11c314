import { parseDomain } from '@deskhand/sandbox';
import { z } from 'zod';
import { GatewayError } from '../gateway-error.ts';
import type { SandboxedStart } from '../process/sandboxed-process.ts';
import { expanded, type Environment } from './expand.ts';

/** An MCP server that a gateway starts or speaks to. */
export interface GatewayServer {
  readonly name: string;
  /** One of this project's: its words are trusted, and it checks itself what it does. No configuration file can say so. */
  readonly isOwn: boolean;
  /** Of one of ours: names of its tools that change files without a question of their own. */
  readonly edits?: readonly string[];
  /** Its tools are in the list of the model from the start, whatever their size. */
  readonly alwaysLoad: boolean;
  /** It is told which folders the session has; ours are in any case. */
  readonly seesRoots?: boolean;
  /** It may ask the model, each time through the policy and at the cost of the session. */
  readonly maySample?: boolean;
  readonly reached:
    | {
        readonly kind: 'stdio';
        readonly command: string;
        readonly args: readonly string[];
        /** On top of the few variables that every server gets. */
        readonly env: Readonly<Record<string, string>>;
        readonly cwd?: string;
        /** It runs in a sandbox; else with all rights of the person. */
        readonly sandbox?: Pick<SandboxedStart, 'cwd' | 'path' | 'confinement'>;
      }
    | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** Milliseconds of a call, without what a person takes to answer. */
  readonly timeoutMs: number;
  /** Milliseconds from the start to the list of its tools. */
  readonly startupMs: number;
  /** Names of the server's own; without it, all. */
  readonly enabledTools?: readonly string[];
  readonly disabledTools: readonly string[];
}

export const CALL_MS = 600_000;
export const STARTUP_MS = 30_000;

const common = {
  timeout: z.number().min(1000).optional(),
  tool_timeout_sec: z.number().min(1).optional(),
  startup_timeout_sec: z.number().min(1).optional(),
  alwaysLoad: z.boolean().default(false),
  roots: z.boolean().default(false),
  sampling: z.boolean().default(false),
  enabled_tools: z.array(z.string()).optional(),
  disabled_tools: z.array(z.string()).default([]),
  disabled: z.boolean().default(false),
};

const texts = z.record(z.string(), z.string()).default({});

function isDomain(text: string): boolean {
  try {
    return Boolean(parseDomain(text));
  } catch {
    return false; // its hint is for another place
  }
}

const sandboxEntry = z.strictObject({
  mounts: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        folder: z.string().startsWith('/', 'has to be absolute'),
        access: z.enum(['ro', 'rw']).default('ro'),
      }),
    )
    .default([]),
  domains: z.array(z.string().refine(isDomain, 'is no domain, such as api.example.com')).default([]),
});

const stdioEntry = z.object({
  type: z.literal('stdio'),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: texts,
  cwd: z.string().min(1).optional(),
  sandbox: sandboxEntry.optional(),
  ...common,
});

const httpEntry = z.object({
  type: z.enum(['http', 'streamable-http']),
  url: z.string().min(1),
  headers: texts,
  ...common,
});

const byType = z.discriminatedUnion('type', [stdioEntry, httpEntry], {
  error: 'must be "stdio", with a command, or "http", with a url; "sse" and "ws" are not spoken',
});

const withCommand = z.looseObject({ type: z.never().optional(), command: z.unknown() });

/** Without a type, what has a command is `stdio`. */
const entry = z.preprocess((given) => {
  const untyped = withCommand.safeParse(given);
  return untyped.success && 'command' in untyped.data ? { ...untyped.data, type: 'stdio' } : given;
}, byType);

const name = z.string().min(1).max(100);
const bareMap = z.record(name, z.unknown());
const wrapped = z.object({ mcpServers: bareMap });

/**
 * Reads the usual `mcpServers` configuration, wrapped or bare. `${VAR}` and `${VAR:-default}` are taken from `env`.
 *
 * @throws GatewayError `config_invalid`, which names each entry that cannot be used
 */
export function readServers(
  config: unknown,
  { env }: { readonly env: Environment },
): readonly GatewayServer[] {
  const outer = wrapped.safeParse(config);
  const map = outer.success
    ? ({ success: true, data: outer.data.mcpServers } as const)
    : bareMap.safeParse(config);
  if (!map.success) throw unusable(['it is no object of servers by name']);
  const problems: string[] = [];
  const servers = Object.entries(map.data).flatMap(([server, given]) => {
    try {
      return serverOf(server, given, env);
    } catch (error) {
      problems.push(`${server}: ${reasonOf(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw unusable(problems);
  return servers;
}

function serverOf(server: string, given: unknown, env: Environment): readonly GatewayServer[] {
  const read = entry.parse(given);
  if (read.disabled) return [];
  const { timeout, tool_timeout_sec: toolSeconds, startup_timeout_sec: startSeconds, enabled_tools } = read;
  return [
    {
      name: server,
      isOwn: false,
      alwaysLoad: read.alwaysLoad,
      seesRoots: read.roots,
      maySample: read.sampling,
      reached: reachedBy(read, env),
      timeoutMs: timeout ?? (toolSeconds === undefined ? CALL_MS : toolSeconds * 1000),
      startupMs: startSeconds === undefined ? STARTUP_MS : startSeconds * 1000,
      ...(enabled_tools && { enabledTools: enabled_tools }),
      disabledTools: read.disabled_tools,
    },
  ];
}

function reachedBy(read: z.output<typeof entry>, env: Environment): GatewayServer['reached'] {
  const all = (record: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, expanded(value, env)]));
  if (read.type !== 'stdio') {
    const url = expanded(read.url, env);
    if (!URL.canParse(url) || !/^https?:/.test(url)) throw new Error(`the url ${url} is not an http one`);
    return { kind: 'http', url, headers: all(read.headers) };
  }
  return {
    kind: 'stdio',
    command: expanded(read.command, env),
    args: read.args.map((argument) => expanded(argument, env)),
    env: all(read.env),
    ...(read.cwd !== undefined && { cwd: expanded(read.cwd, env) }),
    ...(read.sandbox && {
      sandbox: {
        confinement: read.sandbox,
        ...{ cwd: expanded(read.cwd ?? '/', env), path: env['PATH'] ?? '' },
      },
    }),
  };
}

const unusable = (problems: readonly string[]): GatewayError =>
  new GatewayError(
    'config_invalid',
    `the configuration of MCP servers cannot be used: ${problems.join('; ')}`,
    {
      hint: 'Mend these entries; each is like {"command": "npx", "args": ["-y", "some-server"]} or {"type": "http", "url": "https://…"}.',
    },
  );

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  return error.issues
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '))
    .join(', ');
}
