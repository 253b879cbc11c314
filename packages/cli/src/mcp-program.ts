import type { Command } from 'commander';
import type { CommandParts } from './command-parts.ts';
import { checkServers, listPrompts } from './mcp-check.ts';
import { logIn, logOut } from './mcp-login.ts';
import { addServer, listServers, removeServer, type AddOptions } from './mcp.ts';
import { collected } from './option-values.ts';

/** `deskhand mcp …`: the servers that the person added. */
export function addServers(program: Command, { place, print, context }: CommandParts): void {
  const mcp = program.command('mcp').description('Servers besides those of this project');
  const here = () => ({ home: place().home, env: context.env });
  mcp
    .command('add <name> [command...]')
    .description('Add one by its command, after --, or by its URL')
    .option('--url <URL>', 'Of a server over HTTP')
    .option('--env <NAME=VALUE>', 'Variable for it; ${VAR} is taken from the environment', collected)
    .option('--header <NAME:VALUE>', 'Header to send', collected)
    .option('--sandbox', 'Run it where it sees nothing of this computer, and reaches no network')
    .option('--mount <NAME=PATH[:ro]>', 'But this folder, at /sessions/SERVER/mnt/NAME', collected)
    .option('--domain <NAME>', 'But this domain, such as api.example.com or *.example.com', collected)
    .option('--roots', 'Tell it which folders a session has')
    .option('--sampling', 'Let it ask the model, each time if you allow it, at the cost of the session')
    .action((name: string, command: string[], options: AddOptions) =>
      print(addServer({ name, command }, options, { ...here(), cwd: context.cwd })),
    );
  mcp
    .command('list')
    .description('List them, each as a session saw it last')
    .action(() => print(listServers(here())));
  mcp
    .command('check [names...]')
    .description('Start them, and say what came of each')
    .action(async (given: string[]) => {
      const { text, exitCode } = await checkServers(given, place());
      print(text, exitCode);
    });
  mcp
    .command('prompts [names...]')
    .description('Start them, and list what they offer as tasks for deskhand run --prompt')
    .action(async (given: string[]) => {
      const { text, exitCode } = await listPrompts(given, place());
      print(text, exitCode);
    });
  mcp
    .command('login <name>')
    .description('Log in at one that asks who you are, with your browser')
    .action(async (name: string) => print(await logIn(name, place())));
  mcp
    .command('logout <name>')
    .description('Forget that login')
    .action((name: string) => print(logOut(name, place())));
  mcp
    .command('remove <name>')
    .description('Remove one')
    .action((name: string) => print(removeServer(name, here())));
}
