import type { Sessions } from '@deskhand/agent-host';
import type { Log } from '@deskhand/server-runtime';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import { Listeners } from './listeners.ts';
import type { newSession, PersonAnswer, Report, resumption } from './protocol.ts';
import { readRun, type RunFile } from './run-file.ts';
import { SessionProcess, type Unnumbered } from './session-process.ts';
import { Turns } from './turns.ts';

/** Processes at a time: each has servers, which take memory. */
const MOST = 16;

export interface RunsOptions {
  readonly sessions: Sessions;
  /** What runs a session: program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** A session waits for words or an answer. */
  readonly onRest: (id: string) => void;
  /** Its process is gone. */
  readonly onLeft: () => void;
}

/** The sessions that this daemon runs, each in a process of its own. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #processes = new Map<string, SessionProcess>();
  readonly #turns = new Turns();
  /** To what happens with sessions. */
  readonly listeners = new Listeners();
  #isEnding = false;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** How many work now. */
  get running(): number {
    return [...this.#processes.values()].filter(({ isRunning }) => isRunning).length;
  }

  isRunning(id: string): boolean {
    return this.#processes.get(id)?.isRunning === true;
  }

  /** A process has it open, at work or not. */
  holds(id: string): boolean {
    return this.#processes.has(id);
  }

  /** It ran here, was not told to end, and runs no longer. */
  isInterrupted(id: string): boolean {
    return !this.holds(id) && this.#runOf(id)?.isRunning === true;
  }

  /** A new one. @throws ApiError */
  start(id: string, session: z.output<typeof newSession>): Promise<void> {
    return this.#turns.take(id, () => this.#open(id, { do: 'run', id, session }));
  }

  /** @throws ApiError */
  resume(id: string, wish: z.output<typeof resumption>): Promise<void> {
    const { text, ...options } = wish;
    return this.#turns.take(id, async () => {
      const process = await this.#present(id);
      const isAsBefore = Object.keys(options).length === 0;
      if (process !== null && isAsBefore) {
        if (process.isRunning && text === undefined) return;
        if (await took(process, text === undefined ? { do: 'resume', id, with: {} } : { do: 'say', text }))
          return;
      }
      await process?.leave('stop'); // what was asked for may need other servers
      await this.#open(id, { do: 'resume', id, with: { ...this.#runOf(id)?.options, ...wish } });
    });
  }

  /** @throws ApiError where it cannot be answered so */
  answer(id: string, answer: PersonAnswer): Promise<void> {
    return this.#turns.take(id, async () => {
      const process = await this.#present(id);
      if (process !== null && (await took(process, { do: 'answer', answer }))) return;
      await this.#open(id, { do: 'resume', id, with: { ...this.#runOf(id)?.options }, answer });
    });
  }

  /** Parks it where it runs or is about to, and gives it free. */
  async stop(id: string): Promise<void> {
    await this.#processes.get(id)?.leave('stop');
  }

  /** Everything parks, and is known to have run. */
  async leave(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([...this.#processes.values()].map((process) => process.leave('leave')));
  }

  /** The one that has it open, and is not about to end. */
  async #present(id: string): Promise<SessionProcess | null> {
    const process = this.#processes.get(id) ?? null;
    if (process?.isLeaving !== true) return process;
    await process.gone;
    return null;
  }

  #runOf(id: string): RunFile | null {
    const { sessions } = this.#options;
    return sessions.has(id) ? readRun(sessions.folderOf(id)) : null;
  }

  /** @throws ApiError */
  async #open(id: string, first: Unnumbered<'run' | 'resume'>): Promise<void> {
    while (!this.#isEnding && this.#processes.size >= MOST) await this.#oneLess();
    if (this.#isEnding) throw ending;
    const { command, env, log } = this.#options;
    const process = new SessionProcess({
      ...{ command, env, log },
      hear: (line, said) => this.#tell(id, line, said),
    });
    this.#processes.set(id, process);
    log.info('session', { id, pid: process.pid });
    void process.gone.then(() => this.#forget(id));
    this.listeners.came(id);
    try {
      await process.order(first);
    } catch (error) {
      await process.leave('leave');
      throw error;
    }
  }

  /** The session at rest that was opened first gives way. @throws ApiError where all work */
  async #oneLess(): Promise<void> {
    const resting = [...this.#processes.values()].find(({ isRunning }) => !isRunning);
    if (resting === undefined) throw full;
    await resting.leave('leave');
  }

  #tell(id: string, line: string, said: Report): void {
    if (said.kind === 'did' || said.kind === 'failed') return;
    this.listeners.tell(id, line, said);
    if (said.kind === 'resting') this.#options.onRest(id);
  }

  #forget(id: string): void {
    this.#processes.delete(id);
    this.#options.log.info('session left', { id, isInterrupted: this.isInterrupted(id) });
    this.listeners.left(id);
    this.#options.onLeft();
  }
}

/** False where it had left by itself before it took the order. */
async function took(
  process: SessionProcess,
  order: Unnumbered<'resume' | 'say' | 'answer'>,
): Promise<boolean> {
  try {
    await process.order(order);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'process_left') return false;
    throw error;
  }
}

const ending = new ApiError(503, 'ending', {
  message: 'The daemon is ending',
  hint: 'Try again when it runs: deskhand daemon start',
});

const full = new ApiError(429, 'too_many', {
  message: `${MOST} sessions are at work already`,
  hint: 'Stop one: POST /sessions/ID/stop',
});
