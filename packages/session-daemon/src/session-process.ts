import type { Log } from '@deskhand/server-runtime';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ApiError, failureOf } from './api-error.ts';
import { report, type Order, type Report } from './protocol.ts';

/** How long a process that was told to leave has for it. */
const LEAVE_MS = 10_000;
const KEPT_ERRORS = 2_000;

type WithoutNumber<T> = T extends unknown ? Omit<T, 'n'> : never;
export type Unnumbered<K extends Order['do'] = Order['do']> = WithoutNumber<Extract<Order, { do: K }>>;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: ApiError) => void;
}

export interface SessionProcessOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Each line as it is, with what it says. */
  readonly hear: (line: string, said: Report) => void;
  readonly log: Log;
}

/** The process of one session. It ends with its daemon, because its input does. */
export class SessionProcess {
  readonly #child: ChildProcess;
  readonly #options: SessionProcessOptions;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #isRunning = true;
  #isGone = false;
  #errors = '';
  #leaving: Promise<void> | null = null;
  /** Resolves when it is gone, with all that it had open, or never came. */
  readonly gone: Promise<void>;

  constructor(options: SessionProcessOptions) {
    this.#options = options;
    const {
      command: [program = '', ...args],
      env,
    } = options;
    // of its own group, so that a Ctrl-C for the daemon does not reach it past the daemon
    const child = spawn(program, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.gone = once(child, 'close').then(
      () => this.#end(),
      (err: unknown) => {
        this.#errors = String(err);
        this.#end();
      },
    );
    // undefined where it could not be started for want of files
    const { stdin, stdout, stderr } = this.#child;
    stdin?.on('error', () => undefined); // its end tells the same
    stderr?.on('data', (bytes: Buffer) => {
      this.#errors = `${this.#errors}${bytes.toString()}`.slice(-KEPT_ERRORS);
    });
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#receive(line));
  }

  /** It works on its session, and does not only wait for words or an answer. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** It was told to. */
  get isLeaving(): boolean {
    return this.#leaving !== null;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when it is done. @throws ApiError */
  order(given: Unnumbered): Promise<void> {
    const n = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify({ ...given, n })}\n`);
      if (this.#isGone) this.#end();
    });
  }

  /** Parks what runs, and ends the process; by force where it does not end. */
  leave(how: 'stop' | 'leave'): Promise<void> {
    this.#leaving ??= this.#leave(how);
    return this.#leaving;
  }

  async #leave(how: 'stop' | 'leave'): Promise<void> {
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), LEAVE_MS);
    await this.order({ do: how }).catch(() => undefined); // it was gone already
    this.#child.stdin?.end();
    await this.gone;
    clearTimeout(patience);
  }

  #receive(line: string): void {
    const said = reportOf(line);
    if (said === null) {
      this.#options.log.warn('a session process was not understood', { pid: this.pid, bytes: line.length });
      return;
    }
    if (said.kind === 'did') this.#settle(said.n, ({ resolve }) => resolve());
    else if (said.kind === 'failed') this.#settle(said.n, ({ reject }) => reject(failureOf(said)));
    else if (said.kind === 'running') this.#isRunning = true;
    else if (said.kind === 'resting') this.#isRunning = false;
    this.#options.hear(line, said);
  }

  #settle(n: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(n);
    this.#waiting.delete(n);
    if (waiting !== undefined) how(waiting);
  }

  #end(): void {
    this.#isGone = true;
    this.#isRunning = false;
    const wrote = this.#errors.trim();
    // who leaves in order has taken no order since
    const code = this.#child.exitCode === 0 ? 'process_left' : 'process_gone';
    for (const { reject } of this.#waiting.values())
      reject(
        new ApiError(500, code, {
          message: `The process of this session ended${wrote === '' ? '' : `: ${wrote}`}`,
          hint: 'See deskhand daemon logs; go on with POST /sessions/ID/resume.',
        }),
      );
    this.#waiting.clear();
  }
}

/** Null for what is none, such as half a line of a process that was killed. */
function reportOf(line: string): Report | null {
  try {
    return report.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
