import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { SandboxEnd } from '../confined.ts';
import type { Limits } from '../limits/limits.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { SeatbeltProfile } from './seatbelt-profile.ts';

export interface SeatbeltCommand {
  /** Where `sandbox-exec` is. */
  readonly program: string;
  readonly profile: SeatbeltProfile;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly cwd: string;
}

const START_MS = 15_000;
const MAX_WORDS = 4_000;
/** Descriptors besides those of every program; the second is what the command writes its errors to. */
const FD = { gate: 3, stderr: 4 };
const KIB = 1024;
/** What a shell adds to the number of a signal that a program ended by. */
const BY_SIGNAL = 128;

/** A command under a profile, in a process group of its own. */
export class SeatbeltProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<SandboxEnd>;
  readonly #process: ChildProcess;
  /** What was said before it began. */
  #words = '';

  constructor(start: SeatbeltCommand) {
    const { program, profile, command, env, limits, cwd } = start;
    const parameters = profile.parameters.flatMap(([name, value]) => ['-D', `${name}=${value}`]);
    const run = ['/bin/bash', '--norc', '-c', gateOf(limits), 'bash', ...command];
    const child = spawn(program, [...parameters, '-p', profile.text, ...run], {
      ...{ stdio: Array.from({ length: 5 }, () => 'pipe'), env, cwd, detached: true },
    });
    this.#process = child;
    this.stdin = pipeOf(child, 0);
    this.stdout = pipeOf(child, 1);
    this.stderr = pipeOf(child, FD.stderr);
    pipeOf(child, 2)
      .setEncoding('utf8')
      .on('data', (words: string) => {
        this.#words = (this.#words + words).slice(0, MAX_WORDS);
      });
    this.stdin.on('error', () => undefined);
    this.ended = endOf(child).finally(() => this.#end());
  }

  /** Waits until the profile holds. @throws SandboxError `sandbox_not_started`, with the words of the program */
  async ready(signal: AbortSignal): Promise<void> {
    const end = (): void => this.#end();
    const late = setTimeout(end, START_MS).unref();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const opened = once(pipeOf(this.#process, FD.gate), 'data').then(() => true);
    const isHeld = await Promise.race([opened, this.ended.then(() => false)]);
    clearTimeout(late);
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
    if (isHeld) return;
    const words = this.#words.trim() || `nothing was said within ${START_MS / 1_000} s`;
    throw new SandboxError('sandbox_not_started', `the sandbox did not start: ${words}`, {
      hint: "Look at it with: sandbox-exec -p '(version 1)(allow default)' /usr/bin/true",
    });
  }

  /** Ends all that is in its group. */
  async close(): Promise<void> {
    this.#end();
    await this.ended;
  }

  #end(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // nobody is left in it
    }
  }
}

/** It says that the profile holds, and begins. */
const gateOf = ({ fileBytes, cpuSeconds }: Limits): string =>
  [
    `ulimit -c 0; ulimit -f ${Math.ceil(fileBytes / KIB)}`,
    ...(cpuSeconds === null ? [] : [`ulimit -St ${cpuSeconds}; ulimit -Ht ${cpuSeconds + 1}`]),
    `echo >&${FD.gate}; exec ${FD.gate}>&- 2>&${FD.stderr} ${FD.stderr}>&-; exec "$@"`,
  ].join('; ');

async function endOf(child: ChildProcess): Promise<SandboxEnd> {
  try {
    await once(child, 'close');
  } catch (error) {
    throw new SandboxError('sandbox_not_started', `the sandbox did not start: ${String(error)}`, {
      hint: 'It comes with macOS: look at it with ls -l /usr/bin/sandbox-exec',
    });
  }
  const { exitCode, signalCode } = child;
  const isOurs = signalCode === null || signalCode === 'SIGKILL';
  return { exitCode: isOurs ? exitCode : BY_SIGNAL + constants.signals[signalCode] };
}

function pipeOf({ stdio }: ChildProcess, fd: number): Duplex {
  const pipe: unknown = stdio[fd];
  if (pipe instanceof Duplex) return pipe;
  throw new TypeError(`descriptor ${fd} is no pipe`);
}
