import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ApiError, failureOf } from './api-error.ts';
import { report, type Order, type Report } from './protocol.ts';

/** How long a process that was told to leave has for it. */
const LEAVE_MS = 10_000;
const KEPT_ERRORS = 2_000;

type Unnumbered<T> = T extends unknown ? Omit<T, 'n'> : never;

interface Waiting {
  readonly resolve: (id: string) => void;
  readonly reject: (error: ApiError) => void;
}

export interface SessionProcessOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Each line as it is, with what it says. */
  readonly hear: (line: string, said: Report) => void;
}

/** The process of one session. It ends with its daemon, because its input does. */
export class SessionProcess {
  readonly #child: ChildProcess;
  readonly #hear: SessionProcessOptions['hear'];
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #isRunning = true;
  #errors = '';
  /** Resolves when it is gone, with all that it had open. */
  readonly gone: Promise<void>;

  constructor({ command: [program = '', ...args], env, hear }: SessionProcessOptions) {
    this.#hear = hear;
    // of its own group, so that a Ctrl-C for the daemon does not reach it past the daemon
    const child = spawn(program, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdin.on('error', () => undefined); // its end tells the same
    child.stderr.on('data', (bytes: Buffer) => {
      this.#errors = `${this.#errors}${bytes.toString()}`.slice(-KEPT_ERRORS);
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#receive(line));
    this.gone = once(child, 'close').then(() => this.#end());
  }

  /** It works on its session, and does not only wait for words or an answer. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The session's id, when the order is done. @throws ApiError */
  order(given: Unnumbered<Order>): Promise<string> {
    const n = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify({ ...given, n })}\n`);
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) this.#end();
    });
  }

  /** Parks what runs, and ends the process; by force where it does not end. */
  async leave(): Promise<void> {
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), LEAVE_MS);
    await this.order({ do: 'leave' }).catch(() => undefined); // it was gone already
    this.#child.stdin?.end();
    await this.gone;
    clearTimeout(patience);
  }

  #receive(line: string): void {
    const said = report.parse(JSON.parse(line));
    if (said.kind === 'did') this.#settle(said.n, ({ resolve }) => resolve(said.id));
    else if (said.kind === 'failed') this.#settle(said.n, ({ reject }) => reject(failureOf(said)));
    else if (said.kind === 'running') this.#isRunning = true;
    else if (said.kind === 'resting') this.#isRunning = false;
    this.#hear(line, said);
  }

  #settle(n: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(n);
    this.#waiting.delete(n);
    if (waiting !== undefined) how(waiting);
  }

  #end(): void {
    this.#isRunning = false;
    const wrote = this.#errors.trim();
    for (const { reject } of this.#waiting.values())
      reject(
        new ApiError(500, 'process_gone', {
          message: `The process of this session ended${wrote === '' ? '' : `: ${wrote}`}`,
          hint: 'See deskhand daemon logs; go on with POST /sessions/ID/resume.',
        }),
      );
    this.#waiting.clear();
  }
}
