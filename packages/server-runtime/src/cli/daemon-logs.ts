import { closeSync, fstatSync, openSync, readSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { CliError, exitCodes } from './cli-error.ts';
import { defineCommand } from './command.ts';
import { placeOf } from './daemon-place.ts';
import { logText } from './log-text.ts';
import { untilSignal } from './signal.ts';

export const daemonLogs = defineCommand({
  name: 'daemon logs',
  options: z.object({
    follow: z.boolean().default(false).meta({ description: 'Go on with what is written later', short: 'f' }),
    lines: z.number().int().min(0).default(200).meta({ description: 'How many lines of the end' }),
    json: z.boolean().default(false).meta({ description: 'Print the lines as they are in the file' }),
  }),
  takesServerOptions: false,
  example: 'daemon logs -f --lines 20',
  async run({ follow, lines, json }, context) {
    const { host } = context;
    const { logFile } = placeOf(context);
    const show = (text: string): void => {
      if (text !== '') host.stdout.write(`${json ? text.trimEnd() : logText(text)}\n`);
    };
    const tail = new LogTail(logFile);
    const ended = follow ? Promise.race([untilSignal(host), unread(host.stdout)]) : Promise.resolve();
    // it watches before it reads, so that nothing that is written in between waits for the next line
    const watcher = follow
      ? watch(dirname(logFile), (_event, file) => {
          if (file === null || file === basename(logFile)) show(tail.read());
        })
      : null;
    show(
      tail
        .read()
        .trimEnd()
        .split('\n')
        .slice(-lines || Infinity)
        .join('\n'),
    );
    await ended;
    watcher?.close();
    tail.close();
    return exitCodes.ok;
  },
});

/** Resolves when nobody reads any more. */
const unread = (stdout: Writable): Promise<void> =>
  new Promise((resolve) => stdout.once('error', () => resolve()));

/** Reads on where it stopped, through rotations: the rest of the old file comes before the new one. */
class LogTail {
  readonly #path: string;
  #fd: number;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
    this.#fd = openedOr(path);
  }

  /** Whole lines that were not read yet. */
  read(): string {
    const rest = this.#rest();
    const { ino } = fstatSync(this.#fd);
    const current = statSync(this.#path, { throwIfNoEntry: false });
    if (current === undefined || current.ino === ino) return rest;
    closeSync(this.#fd);
    this.#fd = openedOr(this.#path);
    this.#offset = 0;
    return rest + this.#rest();
  }

  close(): void {
    closeSync(this.#fd);
  }

  #rest(): string {
    const { size } = fstatSync(this.#fd);
    const bytes = Buffer.alloc(Math.max(0, size - this.#offset));
    const got = readSync(this.#fd, bytes, 0, bytes.length, this.#offset);
    const end = bytes.subarray(0, got).lastIndexOf(10) + 1;
    this.#offset += end;
    return bytes.subarray(0, end).toString();
  }
}

function openedOr(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new CliError(`there is no log at ${path} yet`, { hint: 'It begins when a daemon starts.', cause });
  }
}
