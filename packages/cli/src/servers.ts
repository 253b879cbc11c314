import { CALL_MS, readServers, STARTUP_MS, type GatewayServer, type Mode } from '@deskhand/gateway';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Started } from '@deskhand/agent-host';
import { EXIT, Refusal, type Context } from './context.ts';

export const OWN_SERVERS = ['workspace', 'chrome', 'computer-use'] as const;
type OwnServer = (typeof OWN_SERVERS)[number];

const manifest = z.object({ bin: z.record(z.string(), z.string()) });

/** The bin of a package of this project, by its name. @throws Refusal where it is not installed or not built */
export function binOf(name: string, { from }: Pick<Context, 'from'>): string {
  try {
    const path = createRequire(from).resolve(`@deskhand/${name}/package.json`);
    const { bin } = manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
    const [file] = Object.values(bin);
    if (file !== undefined && existsSync(join(dirname(path), file))) return join(dirname(path), file);
  } catch {
    // said below: it is not there
  }
  throw new Refusal(`@deskhand/${name} is not there.`, `Install it: npm install @deskhand/${name}`);
}

export interface ServerChoice {
  readonly session: string;
  readonly mounts: Started['mounts'];
  readonly mode: Mode;
  /** Names; all unless told. */
  readonly servers?: readonly string[];
}

/** The servers of a session: ours that fit this computer, and those that the person added. */
export function serversFor(choice: ServerChoice, context: Context, home: string): readonly GatewayServer[] {
  const others = configuredServers(home, context);
  const known = [...OWN_SERVERS, ...others.map(({ name }) => name)];
  const unknown = choice.servers?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Refusal(`There is no server ${unknown}.`, `There are: ${known.join(', ')}`, EXIT.usage);
  const isChosen = (name: string): boolean => choice.servers?.includes(name) ?? fits(name, context);
  const confined = ['workspace', ...others.filter(isSandboxed).map(({ name }) => name)];
  const isWanted = (name: string): boolean =>
    isChosen(name) && (choice.mode !== 'bypass' || confined.includes(name));
  const left =
    choice.mode === 'bypass' ? known.filter((name) => isChosen(name) && !confined.includes(name)) : [];
  if (choice.mode === 'bypass') context.errors.write(`${bypassText(left)}\n`);
  const own = OWN_SERVERS.filter(isWanted).map((name) => ownServer(name, choice, context));
  return [...own, ...others.filter(({ name }) => isWanted(name))];
}

const isSandboxed = ({ reached }: GatewayServer): boolean =>
  reached.kind === 'stdio' && reached.sandbox !== undefined;

const bypassText = (left: readonly string[]): string =>
  `Mode bypass: nothing is asked, and all happens in sandboxes, also to the folders that these were given.${
    left.length === 0 ? '' : ` Left out, as they act outside of one: ${left.join(', ')}.`
  }`;

export const configFile = (home: string): string => join(home, 'mcp.json');

/** Those that the person added. @throws Refusal where one is named like one of ours, whose rights it would have, or like the host */
export function configuredServers(home: string, { env }: Pick<Context, 'env'>): readonly GatewayServer[] {
  const servers = readServers(readConfig(home), { env });
  const taken = servers.find(({ name }) => isOwnName(name));
  if (taken !== undefined)
    throw new Refusal(
      `${taken.name} in ${configFile(home)} is a name of this project.`,
      'Give it another name there.',
      EXIT.usage,
    );
  return servers;
}

/** Those of our servers, and that of the host, whose own tools have it before their names. */
export const isOwnName = (name: string): boolean =>
  name === 'deskhand' || OWN_SERVERS.some((own) => own === name);

/** @throws Refusal where the file is no JSON */
export function readConfig(home: string): unknown {
  const path = configFile(home);
  if (!existsSync(path)) return { mcpServers: {} };
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Refusal(`${path} is no JSON: ${String(error)}`, 'Mend it, or remove it.');
  }
}

/** The desktop is left out where there is none. */
function fits(name: string, context: Context): boolean {
  return name !== 'computer-use' || hasDisplay(context);
}

export const hasDisplay = ({ platform, env }: Pick<Context, 'env' | 'platform'>): boolean =>
  platform !== 'linux' || Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY']);

/** What the mode `accept-edits` allows. */
const WORKSPACE_EDITS = ['Write', 'Edit', 'MultiEdit'];

/** What would be asked all the same, such as for another folder, is refused. */
const UNASKED = ['--sandbox', 'required', '--approve', 'never-in-sandbox', '--approvals', 'decline'];

function ownServer(
  name: OwnServer,
  { session, mounts, mode }: ServerChoice,
  context: Context,
): GatewayServer {
  const edits = name === 'workspace' ? WORKSPACE_EDITS : [];
  const args = [binOf(`${name}-mcp`, context), '--session', session];
  if (name === 'workspace')
    for (const mount of mounts)
      args.push('--mount', `${mount.name}=${mount.path}${mount.isReadOnly ? ':ro' : ''}`);
  if (name === 'workspace' && mode === 'bypass') args.push(...UNASKED);
  if (name === 'chrome' && !hasDisplay(context)) args.push('--headless');
  return {
    ...{ name, isOwn: true, alwaysLoad: true, timeoutMs: CALL_MS, startupMs: STARTUP_MS },
    ...{ disabledTools: [], edits },
    reached: { kind: 'stdio', command: process.execPath, args, env: ownEnv(context) },
  };
}

const OWN_VARIABLES = [
  'DESKHAND_HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
];

/** What our servers read besides what every server gets. */
export const ownEnv = ({ env }: Context): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && (OWN_VARIABLES.includes(name) || name.startsWith('DESKHAND_'))
        ? [[name, value]]
        : [],
    ),
  );
