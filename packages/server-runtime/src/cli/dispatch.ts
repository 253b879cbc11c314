import { optionsOf } from '../config/option.ts';
import { checkConfig, gatherConfig } from '../config/parse-config.ts';
import type { Config } from '../config/define-config.ts';
import { didYouMean } from '../near-names.ts';
import { CliError, exitCodes } from './cli-error.ts';
import type { Command } from './command.ts';
import { commandFooter, commandList } from './command-list.ts';
import { commands } from './commands.ts';
import type { BinHost } from './host.ts';
import { standardOf, type Program } from './house.ts';

interface Bin {
  readonly program: Program;
  readonly host: BinHost;
}

/** Runs the command that `argv` begins with, and resolves with its exit code. */
export async function runCommand(argv: readonly string[], { program, host }: Bin): Promise<number> {
  const { name } = program.config;
  const words = argv.slice(0, 2);
  const isGroup = commandList.some(([known]) => known.startsWith(`${String(words[0])} `));
  const wanted = isGroup ? words.join(' ') : String(words[0]);
  const command = commands.find((known) => known.name === wanted);
  if (command !== undefined) {
    const rest = argv.slice(isGroup ? 2 : 1);
    return runOne(command, rest, { program, host });
  }
  if (wanted === 'help' || (isGroup && ['--help', '-h', undefined].includes(words[1]))) {
    host.stdout.write(`${commandFooter(name).trimStart()}\n`);
    return exitCodes.ok;
  }
  const known = commandList.flatMap(([each]) => [each, ...each.split(' ', 1)]);
  throw new CliError(`there is no command \`${wanted}\`.${didYouMean(wanted, [...new Set(known)])}`, {
    hint: `Run: ${name} --help`,
  });
}

async function runOne(command: Command, argv: readonly string[], { program, host }: Bin): Promise<number> {
  const config = configOf(command, program.config);
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

/** A command's options before the server's, of which most commands take only the file. */
function configOf(command: Command, server: Config): Config {
  const own = optionsOf(command.options);
  const taken = own.map(({ key }) => key);
  const others = server.options
    .filter(({ key }) => !taken.includes(key) && key !== 'attach')
    .map((option) =>
      command.takesServerOptions || option.key === 'config' ? option : { ...option, flag: undefined },
    );
  const [, about] = commandList.find(([name]) => name === command.name) ?? ['', ''];
  return {
    ...server,
    name: `${server.name} ${command.name}`,
    description: `${about}.`,
    options: [...own, ...others],
  };
}

const lineOf = ({ usage, passThrough, example }: Command, { config }: Program) => ({
  ...(usage !== undefined && { usage }),
  ...(passThrough !== undefined && { passThrough }),
  footer: `\nExample: ${config.name} ${example}`,
});
