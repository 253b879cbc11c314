import { ToolError } from '@deskhand/server-runtime';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { answerLine, answers, type AnswerOf, type Failure } from './answers.ts';
import { onLine } from './lines.ts';
import { UNEXPECTED, type CallName, type Requests, type WorkerRequest } from './requests.ts';

type Outcome = { readonly answer: unknown } | { readonly failure: Error };

export interface AskOptions {
  readonly signal: AbortSignal;
  /** What goes along with the request. */
  readonly bytes?: Buffer | undefined;
}

const NO_BYTES = Buffer.alloc(0);
const GRACE_MS = 2_000;

/** The process that is asked: that of a sandbox, or one where there is none. */
export interface WorkerProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

/** Asks the process in a sandbox. What it answers is checked: programs inside may have taken its place. */
export class WorkerClient {
  readonly #process: WorkerProcess;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #last = 0;
  #isOver = false;

  constructor(worker: WorkerProcess) {
    this.#process = worker;
    worker.stdin.on('error', () => undefined);
    onLine(worker.stdout, (line) => this.#answered(line));
    void worker.ended.then(() => this.#end());
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** @throws ToolError as the worker says, or when it ended; Error for what it did not expect */
  async ask<K extends CallName>(
    call: K,
    request: Requests[K],
    { signal, bytes = NO_BYTES }: AskOptions,
  ): Promise<AnswerOf<K>> {
    signal.throwIfAborted();
    if (this.#isOver) throw ended();
    const id = (this.#last += 1);
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      const abort = (): void => {
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
        this.#giveUp(id);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.set(id, (given) => {
        signal.removeEventListener('abort', abort);
        resolve(given);
      });
      this.#tell({ id, call, request, bytes: bytes.length }, bytes);
    });
    if ('failure' in outcome) throw outcome.failure;
    return answers[call](outcome.answer);
  }

  /** When all that goes along with what was asked so far has left this process; never, when the other one ends. */
  async sent(): Promise<void> {
    const { stdin } = this.#process;
    // why it could not be sent is told to those who asked
    if (stdin.writableNeedDrain) await once(stdin, 'drain').catch(() => undefined);
  }

  /** What does not answer soon after it was given up hangs, and everything else behind it. */
  #giveUp(id: number): void {
    const hung = setTimeout(() => void this.#process.close(), GRACE_MS);
    this.#waiting.set(id, () => clearTimeout(hung));
    this.#tell({ id: (this.#last += 1), call: 'giveUp', request: { id }, bytes: 0 });
  }

  #tell<K extends CallName>(line: WorkerRequest<K>, bytes: Buffer = NO_BYTES): void {
    const { stdin } = this.#process;
    stdin.cork();
    stdin.write(`${JSON.stringify(line)}\n`);
    if (bytes.length > 0) stdin.write(bytes);
    stdin.uncork();
  }

  #answered(line: string): void {
    const parsed = answerLine.safeParse(jsonOf(line));
    if (!parsed.success) return;
    const { id, failure, answer } = parsed.data;
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure === undefined) settle?.({ answer });
    else settle?.({ failure: failureOf(failure) });
  }

  #end(): void {
    this.#isOver = true;
    for (const settle of this.#waiting.values()) settle({ failure: ended() });
    this.#waiting.clear();
  }
}

/** What nobody expected is no error of a tool, so that it stands in the log. */
const failureOf = ({ code, message, hint }: Failure): Error =>
  code === UNEXPECTED ? new Error(`in the sandbox: ${message}`) : new ToolError(code, message, { hint });

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // not from the worker as we know it: nobody's answer
    return null;
  }
}

const ended = (): ToolError =>
  new ToolError('sandbox_ended', 'the sandbox ended during the call', {
    hint: 'The next call starts it again; what was written before is there.',
  });
