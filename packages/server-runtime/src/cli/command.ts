import type { z } from 'zod';
import type { GivenConfig } from '../config/parse-config.ts';
import type { StandardOptions } from '../config/define-config.ts';
import type { commandList } from './command-list.ts';
import type { BinHost } from './host.ts';
import type { Program } from './house.ts';

type CommandName = (typeof commandList)[number][0];

/** What a command works with. */
export interface CommandContext {
  readonly program: Program;
  readonly host: BinHost;
  /** All options that were given, the server's own included. */
  readonly given: GivenConfig;
  readonly standard: StandardOptions;
  /** What stood on the command line beside options. */
  readonly args: readonly string[];
  /** The command line behind the command's name, as it was typed. */
  readonly argv: readonly string[];
}

/** One command of a bin. */
export interface Command<O extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Options of this command alone. */
  readonly options: O;
  /** It also takes the server's own options, because it may start or be the server. */
  readonly takesServerOptions: boolean;
  /** Positional arguments as the usage shows them. */
  readonly usage?: string;
  readonly passThrough?: boolean;
  /** A command line behind the bin's name. */
  readonly example: string;
  /** Resolves with the exit code. */
  run(own: z.output<O>, context: CommandContext): Promise<number>;
}

/** A command of every server's bin, with `run` typed by its `options`. */
export const defineCommand = <O extends z.ZodObject>(
  command: Command<O> & { readonly name: CommandName },
): Command<O> => command;
