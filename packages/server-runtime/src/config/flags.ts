import type { Command, Option as CommanderOption } from 'commander';
import { ConfigError } from './config-error.ts';
import type { Config } from './define-config.ts';
import { defaultText, type Option } from './option.ts';

/** How a command line is read beyond its options. */
export interface CommandLine {
  /** Positional arguments as the usage line shows them, like `<tool> [json]`; none are taken when undefined. */
  readonly usage?: string;
  /** Everything after the first positional argument is left as it is. */
  readonly passThrough?: boolean;
  /** Printed at the end of the help. */
  readonly footer?: string;
}

/** Values as flags gave them, by option key, or a text to print instead of serving. */
type Flags =
  | {
      readonly kind: 'values';
      readonly values: ReadonlyMap<string, unknown>;
      readonly args: readonly string[];
    }
  | { readonly kind: 'print'; readonly text: string };

/** Reads `argv` (without node and script). Commander is loaded only when there is something to read. */
export async function readFlags(
  config: Config,
  argv: readonly string[],
  line: CommandLine = {},
): Promise<Flags> {
  if (argv.length === 0) return { kind: 'values', values: new Map(), args: [] };
  const { Command, CommanderError, Option } = await import('commander');
  const printed: string[] = [];
  const command = new Command(config.name)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => printed.push(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => 100,
    })
    .description(config.description)
    .version(config.version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print this help');
  shape(command, line);
  for (const option of config.options) addOption(command, option, Option);
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'print', text: printed.join('') };
    throw new ConfigError(config.name, error.message.replace(/^error: /, ''), { cause: error });
  }
  return { kind: 'values', values: valuesOf(command, config.options), args: command.args };
}

function shape(command: Command, { usage, passThrough = false, footer }: CommandLine): void {
  command.allowExcessArguments(usage !== undefined).passThroughOptions(passThrough);
  if (usage !== undefined) command.usage(`[options] ${usage}`);
  if (footer !== undefined) command.addHelpText('after', footer);
}

function addOption(command: Command, option: Option, Flag: typeof CommanderOption): void {
  if (option.flag === undefined) return;
  const note = noteOf(option);
  const text = note === '' ? option.description : `${option.description} (${note})`;
  if (option.kind === 'boolean') {
    command.addOption(new Flag(option.short + option.flag, text));
    const negative = new Flag(option.flag.replace('--', '--no-'), `Not ${option.flag}`);
    command.addOption(negative.hideHelp(option.default !== true));
    return;
  }
  const withValue = new Flag(`${option.short}${option.flag} <${option.placeholder}>`, text);
  command.addOption(option.kind === 'list' ? withValue.argParser(collect) : withValue);
}

function noteOf(option: Option): string {
  const { choices, env } = option;
  const notes = [
    choices.length > 0 ? `one of ${choices.join(', ')}` : '',
    option.default === false ? '' : defaultText(option).replace(/^(?=.)/, 'default '),
    env,
  ];
  return notes.filter((note) => note !== '').join('; ');
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function valuesOf(command: Command, options: readonly Option[]): Map<string, unknown> {
  const given: Readonly<Record<string, unknown>> = command.opts();
  const values = new Map<string, unknown>();
  for (const { key, flag } of options) {
    if (flag === undefined) continue;
    const name = flag.slice(2).replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (given[name] !== undefined) values.set(key, given[name]);
  }
  return values;
}
