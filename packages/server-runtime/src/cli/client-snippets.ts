import { shellWord } from '../shell-word.ts';

/** How a client starts the server. */
export interface Launch {
  /** What the server is called in the client. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A client that runs MCP servers, and where its person puts them. */
interface ClientFormat {
  readonly title: string;
  /** What to do with the text. */
  readonly where: string;
  readonly text: (launch: Launch) => string;
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

const hasEntries = (env: Launch['env']): boolean => Object.keys(env).length > 0;

const entryOf = ({ command, args, env }: Launch) => ({ command, args, ...(hasEntries(env) && { env }) });

/** What most clients read. */
const mcpServers = (launch: Launch): string => pretty({ mcpServers: { [launch.name]: entryOf(launch) } });

/** A basic string of TOML escapes what a string of JSON does; DEL is the one that JSON leaves. */
const toml = (text: string): string => JSON.stringify(text).replaceAll('\u007F', String.raw`\u007F`);

/** A word that needs no quotes stays as it is, so that people can read the line. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : shellWord(text));

function claudeCode({ name, command, args, env }: Launch): string {
  const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  // the name comes before --env, which takes every word behind it
  return ['claude', 'mcp', 'add', name, '--scope', 'user', ...variables, '--', command, ...args]
    .map(word)
    .join(' ');
}

function codex({ name, command, args, env }: Launch): string {
  const variables = Object.entries(env).map(([key, value]) => `${key} = ${toml(value)}`);
  return [
    `[mcp_servers.${name}]`,
    `command = ${toml(command)}`,
    `args = [${args.map(toml).join(', ')}]`,
    ...(variables.length > 0 ? ['', `[mcp_servers.${name}.env]`, ...variables] : []),
  ].join('\n');
}

/** By the word that a person types. */
export const CLIENTS: Readonly<Record<string, ClientFormat>> = {
  'claude-desktop': {
    title: 'Claude Desktop',
    where: 'Into claude_desktop_config.json (Settings, Developer, Edit Config), then restart it',
    text: mcpServers,
  },
  'claude-code': { title: 'Claude Code', where: 'Run in a terminal', text: claudeCode },
  cursor: {
    title: 'Cursor',
    where: 'Into ~/.cursor/mcp.json, or .cursor/mcp.json of a project',
    text: mcpServers,
  },
  vscode: {
    title: 'VS Code',
    where: 'Into .vscode/mcp.json of a project, or the file of the command "MCP: Open User Configuration"',
    text: (launch) => pretty({ servers: { [launch.name]: { type: 'stdio', ...entryOf(launch) } } }),
  },
  codex: { title: 'Codex CLI', where: 'Into ~/.codex/config.toml', text: codex },
  gemini: { title: 'Gemini CLI', where: 'Into ~/.gemini/settings.json', text: mcpServers },
  zed: {
    title: 'Zed',
    where: 'Into settings.json (the action "zed: open settings")',
    text: (launch) => pretty({ context_servers: { [launch.name]: entryOf(launch) } }),
  },
  windsurf: { title: 'Windsurf', where: 'Into ~/.codeium/windsurf/mcp_config.json', text: mcpServers },
  generic: { title: 'Any other client', where: 'Most read this', text: mcpServers },
};
