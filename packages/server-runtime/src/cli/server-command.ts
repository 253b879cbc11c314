import type { z } from 'zod';
import type { BinHost } from './host.ts';

/** What a command of one server works with. */
export interface ServerCommandContext {
  readonly host: BinHost;
  /** What stood on the command line beside options. */
  readonly args: readonly string[];
}

/** A command of one server's bin, beside those that every server has. */
export interface ServerCommand<O extends z.ZodObject = z.ZodObject> {
  /** One word. */
  readonly name: string;
  /** For the list of commands; one without is for the server itself and not listed. */
  readonly about?: string;
  readonly options: O;
  /** Positional arguments as the usage shows them. */
  readonly usage?: string;
  /** A command line behind the bin's name. */
  readonly example: string;
  /** Resolves with the exit code. Load what it needs when it runs: a server that only serves has no use for it. */
  run(options: z.output<O>, context: ServerCommandContext): Promise<number>;
}

/** Gives the command back with `run` typed by its `options`. */
export const defineServerCommand = <O extends z.ZodObject>(command: ServerCommand<O>): ServerCommand<O> =>
  command;
