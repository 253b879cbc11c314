import { optionsOf } from '../config/option.ts';
import { checkConfig, gatherConfig } from '../config/parse-config.ts';
import type { Config } from '../config/define-config.ts';
import { didYouMean } from '../near-names.ts';
import { CliError, exitCodes } from './cli-error.ts';
import type { Command } from './command.ts';
import { commandFooter, listedCommands } from './command-list.ts';
import { commands } from './commands.ts';
import type { BinHost } from './host.ts';
import { standardOf, type Program } from './house.ts';
import type { ServerCommand } from './server-command.ts';

interface Bin {
  readonly program: Program;
  readonly host: BinHost;
}

/** Runs the command that `argv` begins with, and resolves with its exit code. */
export async function runCommand(argv: readonly string[], { program, host }: Bin): Promise<number> {
  const { name } = program.config;
  const listed = listedCommands(program);
  const words = argv.slice(0, 2);
  const isGroup = listed.some(([known]) => known.startsWith(`${String(words[0])} `));
  const wanted = isGroup ? words.join(' ') : String(words[0]);
  const command = [...commands, ...(program.commands ?? []).map(asCommand)].find(
    ({ name: known }) => known === wanted && listed.some(([each]) => each === known),
  );
  if (command !== undefined) {
    const rest = argv.slice(isGroup ? 2 : 1);
    return runOne(command, rest, { program, host });
  }
  if (wanted === 'help' || (isGroup && ['--help', '-h', undefined].includes(words[1]))) {
    host.stdout.write(`${commandFooter(name, program).trimStart()}\n`);
    return exitCodes.ok;
  }
  const known = listed.flatMap(([each, about]) => (about === undefined ? [] : [each, ...each.split(' ', 1)]));
  throw new CliError(`there is no command \`${wanted}\`.${didYouMean(wanted, [...new Set(known)])}`, {
    hint: `Run: ${name} ${program.isDaemonOnly === true ? 'daemon ' : ''}--help`,
  });
}

async function runOne(command: Command, argv: readonly string[], { program, host }: Bin): Promise<number> {
  const config = configOf(command, program);
  const gathered = await gatherConfig(config, { argv, env: host.env }, lineOf(command, program));
  if (gathered.action === 'print') {
    host.stdout.write(gathered.text);
    return exitCodes.ok;
  }
  const { given } = gathered;
  const own = checkConfig(command.options, given);
  const { args } = given;
  return command.run(own, { program, host, given, args, argv, standard: standardOf(given) });
}

/** A server's own command as one of all servers: it sees of the options only its own. */
const asCommand = (command: ServerCommand): Command => ({
  ...command,
  takesServerOptions: false,
  run: (own, { host, args }) => command.run(own, { host, args }),
});

/** A command's options before the server's, of which most commands take only the file. */
function configOf(command: Command, program: Program): Config {
  const { config: server } = program;
  const own = optionsOf(command.options).filter(({ key }) => !(key === 'http' && program.isDaemonOnly));
  const taken = own.map(({ key }) => key);
  const inherited = server.options
    .filter(({ key }) => !taken.includes(key) && key !== 'attach')
    .map((option) =>
      command.takesServerOptions || option.key === 'config' ? option : { ...option, flag: undefined },
    );
  const [, about] = listedCommands(program).find(([name]) => name === command.name) ?? [];
  return {
    ...server,
    name: `${server.name} ${command.name}`,
    description: about === undefined ? '' : `${about}.`,
    options: [...own, ...inherited],
  };
}

const lineOf = ({ usage, passThrough, example }: Command, { config, isDaemonOnly }: Program) => ({
  ...(usage !== undefined && { usage }),
  ...(passThrough !== undefined && { passThrough }),
  footer: `\nExample: ${config.name} ${isDaemonOnly === true ? example.replace(' --http', '') : example}`,
});
