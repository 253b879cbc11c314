import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { z } from 'zod';
import { FD } from './broker-script.ts';
import { SCRATCH } from './profile.ts';
import { SandboxError } from './sandbox-error.ts';

/** How the command ended: with its code, or `null` when it was ended from outside. */
export interface SandboxEnd {
  readonly exitCode: number | null;
}

const START_MS = 15_000;
const MAX_WORDS = 4_000;

const status = z.looseObject({
  'child-pid': z.number().int().optional(),
  'exit-code': z.number().int().optional(),
});

/** What leads into a sandbox from outside, held open: a process that takes an old number is not meant by it. */
export interface Namespaces {
  readonly network: FileHandle;
  /** With the rights over the others; `null` for root, who has them. */
  readonly user: FileHandle | null;
  /** The folders that are lost at the end. */
  readonly scratch: readonly FileHandle[];
}

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
  readonly #child: Promise<number | null>;
  #words = '';

  constructor(broker: ChildProcess, weaknesses: readonly string[]) {
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
    const said = statusOf(pipeOf(broker, FD.status), this.#gone);
    this.ended = said.ended;
    this.#child = said.child;
    // the broker has nothing to hold any more
    void this.ended.then(() => this.#end());
    this.weaknesses = weaknesses;
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

  /** Is asked for when it is ready, and before it begins; whoever asks closes them. */
  async namespaces(): Promise<Namespaces> {
    const child = await this.#child;
    if (child === null || this.#process.pid === undefined) throw await this.#notStarted();
    try {
      const network = await open(`/proc/${child}/ns/net`);
      const scratch = await Promise.all(SCRATCH.map((at) => open(`/proc/${child}/root${at}`)));
      const isRoot = process.geteuid?.() === 0;
      const user = isRoot ? null : await open(`/proc/${this.#process.pid}/ns/user`);
      return { network, user, scratch };
    } catch (error) {
      this.#said(String(error));
      throw await this.#notStarted();
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

interface Said {
  /** The number of the first process inside, outside of it. */
  readonly child: Promise<number | null>;
  readonly ended: Promise<SandboxEnd>;
}

function statusOf(pipe: Readable, gone: Promise<unknown>): Said {
  let exitCode: number | null = null;
  const ended = Promise.race([once(pipe, 'close'), gone]).then(() => ({ exitCode }));
  const child = new Promise<number | null>((resolve) => {
    createInterface({ input: pipe }).on('line', (line) => {
      const said = status.parse(JSON.parse(line));
      exitCode = said['exit-code'] ?? exitCode;
      if (said['child-pid'] !== undefined) resolve(said['child-pid']);
    });
    void ended.then(() => resolve(null));
  });
  return { child, ended };
}

function pipeOf({ stdio }: ChildProcess, fd: number): Duplex {
  const pipe: unknown = stdio[fd];
  if (pipe instanceof Duplex) return pipe;
  throw new TypeError(`descriptor ${fd} is no pipe`);
}
