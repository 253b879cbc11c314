#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { explain, type ExplainOptions } from './cli/explain.ts';
import { lint } from './cli/lint.ts';
import { MATRIX_FORMATS, renderMatrix, type MatrixFormat } from './cli/matrix.ts';
import { UsageError, json, type CommandResult } from './cli/outcome.ts';
import { replay } from './cli/replay.ts';
import { POLICY_SCHEMA } from './policy-file.ts';

const EXIT_CODES = `
Exit codes:
  0  allowed; no problem; no decision changes
  1  denied; the policy file has problems; decisions change or ledger lines are malformed
  2  used wrongly, or a file that cannot be read`;

const EXAMPLES = `
Examples:
  tier-policy matrix --format html > matrix.html
  tier-policy explain --app firefox --tool type --granted
  tier-policy explain --app /usr/bin/mousepad --recipient xterm --tool middle_click --granted
  tier-policy explain --app /usr/bin/python3.11 --argv /usr/bin/terminator --tool key --keys ctrl+c --granted
  tier-policy lint policy.yaml
  tier-policy replay ~/.local/state/deskhand/ledger/run.jsonl --policy new.yaml`;

const print = ({ text, exitCode }: CommandResult): void => {
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCode;
};

const hostPlatform = (): string => {
  if (process.platform === 'darwin') return 'macos';
  return process.platform === 'win32' ? 'windows' : 'linux';
};

const addMatrix = (program: Command): void => {
  program
    .command('matrix')
    .description('every tool against every class of application, all granted')
    .addOption(
      new Option('--format <format>', 'how to print it').choices([...MATRIX_FORMATS]).default('text'),
    )
    .action(({ format }: { format: MatrixFormat }) => print({ text: renderMatrix(format), exitCode: 0 }));
};

const addExplain = (program: Command): void => {
  program
    .command('explain')
    .description('why a tool may or may not act on an application')
    .requiredOption('--app <app>', 'the application in front: path, bundle or flatpak id, or name')
    .requiredOption('--tool <tool>', 'such as left_click, type or key')
    .option('--recipient <app>', 'who receives the action, when it is not the application in front')
    .option('--granted [tier]', 'the person allowed the applications, up to a tier if one is given')
    .option('--policy <file>', "an administrator's policy file")
    .option('--keys <combos>', 'what key or hold_key sends, such as "ctrl+s" (default: Return)')
    .option('--with-modifiers', 'modifier keys are held during the click')
    .option('--argv <words>', 'arguments of an interpreter, such as the script that python runs')
    .addOption(
      new Option('--platform <platform>', 'whose names are meant')
        .choices(['linux', 'macos', 'windows'])
        .default(hostPlatform()),
    )
    .option('--json', 'print the whole decision')
    .action(async (options: ExplainOptions) => print(await explain(options)));
};

const addFiles = (program: Command): void => {
  program
    .command('lint <policy.yaml>')
    .description('check a policy file')
    .option('--json', 'print the problems as JSON')
    .action(async (file: string, options: { json?: boolean }) => print(await lint(file, options)));
  program
    .command('schema')
    .description('print the JSON Schema of policy files')
    .action(() => print({ text: json(POLICY_SCHEMA), exitCode: 0 }));
  program
    .command('replay <ledger.jsonl>')
    .description('which past decisions another policy would change, and to what')
    .requiredOption('--policy <file>', 'the policy to decide by')
    .option('--json', 'print the whole report')
    .action(async (file: string, options: { policy?: string; json?: boolean }) =>
      print(await replay(file, options)),
    );
};

const main = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('tier-policy')
    .description('What an agent may do to an application, asked from the command line.')
    .addHelpText('after', EXIT_CODES + EXAMPLES)
    .exitOverride()
    .showHelpAfterError('(add --help for the options)');
  addMatrix(program);
  addExplain(program);
  addFiles(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 2;
    } else {
      throw error;
    }
  }
};

await main(process.argv);
