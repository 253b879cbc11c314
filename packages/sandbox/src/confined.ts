import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { z } from 'zod';
import { FD } from './broker-script.ts';
import { SandboxError } from './sandbox-error.ts';
import type { User } from './user.ts';

/** How the command ended: with its code, or `null` when it was ended from outside. */
export interface SandboxEnd {
  readonly exitCode: number | null;
}

const START_MS = 15_000;
const MAX_WORDS = 4_000;

const exitStatus = z.looseObject({ 'exit-code': z.number().int().optional() });

/** The processes of a sandbox: its broker, and the command that waits in it until it may begin. */
export class Confined {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly broker: { readonly stdin: Writable; readonly stdout: Readable };
  readonly ended: Promise<SandboxEnd>;
  readonly weaknesses: readonly string[];
  readonly #process: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #gate: Duplex;
  #words = '';

  constructor(broker: ChildProcess, user: User) {
    this.#process = broker;
    this.#gone = once(broker, 'close').catch((error: unknown) => this.#said(String(error)));
    this.broker = { stdin: pipeOf(broker, 0), stdout: pipeOf(broker, 1) };
    pipeOf(broker, 2)
      .setEncoding('utf8')
      .on('data', (words: string) => this.#said(words));
    this.stdin = pipeOf(broker, FD.stdin);
    this.stdout = pipeOf(broker, FD.stdout);
    this.stderr = pipeOf(broker, FD.stderr);
    this.#gate = pipeOf(broker, FD.gate);
    for (const pipe of [this.stdin, this.#gate]) pipe.on('error', () => undefined);
    this.ended = endOf(pipeOf(broker, FD.status), this.#gone);
    // the broker has nothing to hold any more
    void this.ended.then(() => this.#end());
    this.weaknesses = weaknessesOf(user);
  }

  /** Writes what is read at the start. */
  feed(fd: number, content: string | Buffer): void {
    const pipe = pipeOf(this.#process, fd);
    pipe.on('error', () => undefined);
    pipe.end(content);
  }

  /** Waits until it is confined. */
  async ready(signal: AbortSignal): Promise<void> {
    const late = setTimeout(() => this.#end(), START_MS);
    const abort = (): void => this.#end();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      const isOpen = await Promise.race([
        once(this.#gate, 'data').then(() => true),
        this.ended.then(() => false),
      ]);
      signal.throwIfAborted();
      if (!isOpen) throw await this.#notStarted();
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
    }
  }

  begin(): void {
    this.#gate.end('\n');
  }

  /** Resolves when no process of it is left. */
  async close(): Promise<void> {
    this.#end();
    await this.#gone;
  }

  #end(): void {
    this.#process.kill('SIGKILL');
  }

  #said(words: string): void {
    this.#words = (this.#words + words).slice(0, MAX_WORDS);
  }

  async #notStarted(): Promise<SandboxError> {
    this.stderr.setEncoding('utf8').on('data', (words: string) => this.#said(words));
    await this.close();
    const words = this.#words.trim() || `nothing was said within ${START_MS / 1_000} s`;
    return new SandboxError('sandbox_not_started', `the sandbox did not start: ${words}`, {
      hint: 'checkSandbox() says what it lacks, and how to mend it',
    });
  }
}

async function endOf(status: Readable, gone: Promise<unknown>): Promise<SandboxEnd> {
  let exitCode: number | null = null;
  createInterface({ input: status }).on('line', (line) => {
    exitCode = exitStatus.parse(JSON.parse(line))['exit-code'] ?? exitCode;
  });
  await Promise.race([once(status, 'close'), gone]);
  return { exitCode };
}

function weaknessesOf({ uid }: User): readonly string[] {
  if (uid !== 0) return [];
  return [
    'it has the rights of root on the mounted folders, and the number of its processes is not limited: start it as the owner of the folders',
  ];
}

function pipeOf({ stdio }: ChildProcess, fd: number): Duplex {
  const pipe: unknown = stdio[fd];
  if (pipe instanceof Duplex) return pipe;
  throw new TypeError(`descriptor ${fd} is no pipe`);
}
