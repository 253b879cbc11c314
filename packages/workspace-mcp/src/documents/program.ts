import { spawn } from 'node:child_process';
import { FileError } from '../files/file-error.ts';

/** What a program is given, and how much of it is borne. */
export interface Assignment {
  /** For its standard input. */
  readonly input?: Buffer;
  /** A file that it has open as descriptor 3. */
  readonly file?: number;
  /** Bytes of its output; when there are more it is ended. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly output: Buffer;
  /** It had more to say. */
  readonly isCut: boolean;
  /** `null` when it was ended. */
  readonly exitCode: number | null;
}

/** Where a program finds the file that it was given. */
export const GIVEN_FILE = '/proc/self/fd/3';

const MAX_MEMORY = 1024 ** 3;
const MAX_SECONDS = 15;
const NOT_FOUND = 127;

/**
 * Runs a program on a file that may be made to harm it: with a gigabyte of memory, some seconds, and an end to what it
 * says.
 *
 * @throws FileError `no_program`, and whatever the signal was aborted with
 */
export async function runLimited(
  [program, ...args]: readonly [string, ...string[]],
  { input, file, maxBytes, signal }: Assignment,
): Promise<Outcome> {
  signal.throwIfAborted();
  const limits = [`--data=${MAX_MEMORY}`, `--cpu=${MAX_SECONDS}`, '--core=0', '--'];
  const child = spawn('/usr/bin/prlimit', [...limits, program, ...args], {
    ...{ signal, killSignal: 'SIGKILL' },
    stdio: ['pipe', 'pipe', 'ignore', file ?? 'ignore'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // it need not read all that it is given
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) child.kill('SIGKILL');
  });
  const exitCode = await ended;
  if (exitCode === NOT_FOUND) throw missing(program);
  return { output: Buffer.concat(chunks).subarray(0, maxBytes), isCut: length > maxBytes, exitCode };
}

const missing = (program: string): FileError =>
  new FileError('no_program', `${program} is not installed`, {
    hint: 'The person can install it: apt install poppler-utils. Tell them.',
  });
