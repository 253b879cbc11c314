import { lastSeen, readServers, type GatewayServer } from '@deskhand/gateway';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { z } from 'zod';
import { EXIT, Refusal, type Context } from './context.ts';
import { mountOf } from './mount.ts';
import { visible } from './visible.ts';
import { configFile, configuredServers, isOwnName, OWN_SERVERS, readConfig } from './servers.ts';

const config = z.looseObject({ mcpServers: z.record(z.string(), z.unknown()) });

type Place = Pick<Context, 'env'> & { readonly home: string };

export interface AddOptions {
  readonly url?: string;
  readonly env?: readonly string[];
  readonly header?: readonly string[];
  /** It sees nothing of this computer but the mounts, and reaches nothing but the domains. */
  readonly sandbox?: boolean;
  readonly mount?: readonly string[];
  readonly domain?: readonly string[];
  /** It is told which folders a session has. */
  readonly roots?: boolean;
  /** It may ask the model. */
  readonly sampling?: boolean;
}

/** @throws Refusal, GatewayError */
export function addServer(
  { name, command }: { readonly name: string; readonly command: readonly string[] },
  options: AddOptions,
  place: Place & Pick<Context, 'cwd'>,
): string {
  const { url, env = [], header = [] } = options;
  const [program, ...args] = command;
  if ((program === undefined) === (url === undefined))
    throw new Refusal(
      'A server has a command or a URL.',
      'deskhand mcp add NAME -- npx -y some-server',
      EXIT.usage,
    );
  if (isOwnName(name))
    throw new Refusal(`${name} is a name of this project.`, 'Choose another name.', EXIT.usage);
  if (url !== undefined && options.sandbox === true)
    throw new Refusal(
      'A server over HTTP runs elsewhere: no sandbox holds it.',
      'Leave out --sandbox.',
      EXIT.usage,
    );
  const entry =
    url === undefined
      ? { type: 'stdio', command: program, args, env: pairs(env, '='), ...confinement(options, place) }
      : { type: 'http', url, headers: pairs(header, ':') };
  const { roots, sampling } = options;
  const added = { ...entry, ...(roots === true && { roots }), ...(sampling === true && { sampling }) };
  readServers({ mcpServers: { [name]: added } }, { env: place.env });
  const known = load(place);
  refuseTaken(name, Object.keys(known.mcpServers));
  save({ ...known, mcpServers: { ...known.mcpServers, [name]: added } }, place);
  return `Added ${name}. Its tools are asked about before they run. Try it: deskhand mcp check ${name}`;
}

/** One that can be typed, and is not there. @throws Refusal */
function refuseTaken(name: string, taken: readonly string[]): void {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw new Refusal(
      `${visible(name)} is no name for a server.`,
      'Use letters, digits, dots, - and _.',
      EXIT.usage,
    );
  if (taken.includes(name))
    throw new Refusal(
      `There is a server ${name} already.`,
      `Choose another name, or remove that one: deskhand mcp remove ${name}`,
      EXIT.usage,
    );
}

/** What the entry says of a sandbox. @throws Refusal where there is none, and it is told what to show */
function confinement(
  { sandbox, mount = [], domain = [] }: AddOptions,
  { cwd }: Pick<Context, 'cwd'>,
): object {
  if (sandbox !== true) {
    if (mount.length + domain.length === 0) return {};
    throw new Refusal(
      'Only a server in a sandbox is given folders and domains.',
      'Add --sandbox.',
      EXIT.usage,
    );
  }
  const mounts = mount.map((text) => {
    const { name, path, isReadOnly } = mountOf(text, { cwd });
    return { name, folder: path, access: isReadOnly ? 'ro' : 'rw' };
  });
  return { cwd, sandbox: { mounts, domains: domain } };
}

export function removeServer(name: string, place: Place): string {
  const known = load(place);
  if (!(name in known.mcpServers))
    throw new Refusal(`There is no server ${name}.`, 'See them: deskhand mcp list', EXIT.usage);
  const mcpServers = Object.fromEntries(Object.entries(known.mcpServers).filter(([key]) => key !== name));
  save({ ...known, mcpServers }, place);
  return `Removed ${name}.`;
}

/** Without values of variables and headers, which may be secrets; with how each was when a session saw it last. */
export function listServers(place: Place): string {
  const others = configuredServers(place.home, place).map(
    (server) => `${placeOf(server)}${allowedTo(server)}\n  ${stateOf(server, place.home)}`,
  );
  return visible([...OWN_SERVERS.map((name) => `${name}: of this project`), ...others].join('\n'));
}

const placeOf = ({ name, reached }: GatewayServer): string =>
  reached.kind === 'http'
    ? `${name}: ${reached.url}`
    : `${name}: ${[reached.command, ...reached.args].join(' ')}${confinedTo(reached.sandbox)}`;

function allowedTo({ seesRoots, maySample }: GatewayServer): string {
  const rights = [
    ...(seesRoots === true ? ['is told the folders of a session'] : []),
    ...(maySample === true ? ['may ask the model'] : []),
  ];
  return rights.length === 0 ? '' : `\n  ${rights.join(', ')}`;
}

type Confined = Extract<GatewayServer['reached'], { kind: 'stdio' }>['sandbox'];

function confinedTo(sandbox: Confined): string {
  if (sandbox === undefined) return '\n  with all your rights, in no sandbox';
  const { mounts, domains } = sandbox.confinement;
  const folders = mounts.map(({ folder, access }) => `${folder} (${access})`).join(', ');
  return `\n  in a sandbox, with ${folders || 'no folder'} and ${domains.join(', ') || 'no network'}`;
}

function stateOf(server: GatewayServer, home: string): string {
  const seen = lastSeen(home, server);
  if (seen === undefined) return `no session has used it so far; try it: deskhand mcp check ${server.name}`;
  const { state, since, problem, weaknesses, tools } = seen;
  const when = since.slice(0, 16).replace('T', ' ');
  const was = `${state} since ${when} UTC, ${tools.length} tools${problem === null ? '' : `: ${problem}`}`;
  return [...weakLines(weaknesses), was].join('\n  ');
}

/** A line for each thing that a sandbox does not hold. */
export const weakLines = (weaknesses: readonly string[] | null): readonly string[] =>
  (weaknesses ?? []).map((words) => `weak sandbox: ${words}`);

function load({ home }: Place): z.infer<typeof config> {
  const parsed = config.safeParse(readConfig(home));
  if (parsed.success) return parsed.data;
  throw new Refusal(`${configFile(home)} has no mcpServers.`, 'Wrap its entries: {"mcpServers": {...}}');
}

function save(value: z.infer<typeof config>, { home }: Place): void {
  writeFileAtomic(configFile(home), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

function pairs(texts: readonly string[], sign: '=' | ':'): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf(sign);
      if (at < 1) throw new Refusal(`${text} is no pair.`, `Use NAME${sign}VALUE.`, EXIT.usage);
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    }),
  );
}
