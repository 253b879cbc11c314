import type { ServerDefinition } from '../server-definition.ts';

/** Every command with what it is for: apart from the commands themselves, which are loaded when they are used. */
export const commandList = [
  ['serve', 'Serve over HTTP in the foreground'],
  ['daemon start', 'Start the daemon in the background'],
  ['daemon stop', 'Let running calls finish and end the daemon'],
  ['daemon restart', 'Stop the daemon and start it again'],
  ['daemon status', 'Say whether the daemon runs, and where'],
  ['daemon logs', "Print the end of the daemon's log"],
  ['daemon install', 'Start the daemon at login, by the service manager of this system'],
  ['daemon uninstall', 'Take that back'],
  ['daemon doctor', 'Try out what the server needs, and say how to mend it'],
  ['daemon run', 'Be the daemon, in the foreground, for service managers'],
  ['token create', 'Make a token for the HTTP door'],
  ['token list', 'List the tokens'],
  ['token revoke', 'Make a token worthless at once'],
  ['tools', 'List the tools'],
  ['call', 'Call a tool once'],
  ['doctor', 'The same as daemon doctor'],
  ['config', 'Print what to put into the settings of an MCP client'],
] as const;

/** A command's name, and what it is for when help should show it. */
export type ListedCommand = readonly [name: string, about: string | undefined];

/** What a bin says of its commands. */
type Commands = Pick<ServerDefinition, 'commands' | 'isDaemonOnly'>;

/** Those of every server, and behind them those of this one. */
export const listedCommands = ({
  commands = [],
  isDaemonOnly = false,
}: Commands): readonly ListedCommand[] => [
  ...commandList.filter(([name]) => !isDaemonOnly || name.startsWith('daemon ')),
  ...commands.map(({ name, about }) => [name, about] as const),
];

/** Whether a command line that begins with this word is a command. */
export const isCommandWord = (word: string, program: Commands): boolean =>
  listedCommands(program).some(([command]) => command.split(' ')[0] === word);

/** The end of `--help`. */
export function commandFooter(name: string, program: Commands): string {
  const shown = listedCommands(program).filter(([, about]) => about !== undefined);
  const width = Math.max(...shown.map(([command]) => command.length)) + 2;
  const lines = shown.map(([command, about]) => `  ${command.padEnd(width)}${about ?? ''}`);
  return [
    ...(program.isDaemonOnly === true ? [] : ['', 'Without a command it serves MCP on stdin and stdout.']),
    '',
    'Commands:',
    ...lines,
    '',
    `Each command has its own help: ${name} daemon start --help`,
  ].join('\n');
}
