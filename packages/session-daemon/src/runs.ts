import type { Sessions } from '@deskhand/agent-host';
import type { Log } from '@deskhand/server-runtime';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import { Listeners } from './listeners.ts';
import type { newSession, PersonAnswer, Report, resumption } from './protocol.ts';
import { readRun } from './run-file.ts';
import { SessionProcess } from './session-process.ts';

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
  readonly #all = new Set<SessionProcess>();
  /** To what happens with sessions. */
  readonly listeners = new Listeners();
  #isEnding = false;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** How many work now. */
  get running(): number {
    return [...this.#all].filter(({ isRunning }) => isRunning).length;
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
    return !this.holds(id) && readRun(this.#options.sessions.folderOf(id))?.isRunning === true;
  }

  /** The new session's id. @throws ApiError */
  start(session: z.output<typeof newSession>): Promise<string> {
    return this.#open((process) => process.order({ do: 'run', session }));
  }

  /** @throws ApiError */
  async resume(id: string, wish: z.output<typeof resumption>): Promise<void> {
    const { text, ...options } = wish;
    const process = this.#processes.get(id);
    if (process?.isRunning === true && text === undefined) return;
    if (process !== undefined && Object.keys(options).length === 0) {
      await process.order(text === undefined ? { do: 'resume', id, with: {} } : { do: 'say', text });
      return;
    }
    await process?.leave(); // what was asked for may need other servers
    const before = readRun(this.#options.sessions.folderOf(id))?.options ?? {};
    await this.#open((fresh) => fresh.order({ do: 'resume', id, with: { ...before, ...wish } }));
  }

  /** @throws ApiError where it cannot be answered so */
  async answer(id: string, answer: PersonAnswer): Promise<void> {
    const process = this.#processes.get(id);
    if (process !== undefined) {
      await process.order({ do: 'answer', answer });
      return;
    }
    const before = readRun(this.#options.sessions.folderOf(id))?.options ?? {};
    await this.#open(async (fresh) => {
      await fresh.order({ do: 'resume', id, with: before, answer });
      return id;
    });
  }

  /** Parks it where it runs, and gives it free. */
  async stop(id: string): Promise<void> {
    const process = this.#processes.get(id);
    await process?.order({ do: 'stop' });
    await process?.leave();
  }

  /** Everything parks, and is known to have run. */
  async leave(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([...this.#all].map((process) => process.leave()));
  }

  async #open(begin: (process: SessionProcess) => Promise<string>): Promise<string> {
    if (this.#isEnding) throw ending;
    if (this.#all.size >= MOST) throw full;
    const { command, env } = this.#options;
    let known: string | null = null;
    const process = new SessionProcess({
      ...{ command, env },
      hear: (line, said) => {
        if (said.kind === 'did' && known === null) this.#register((known = said.id), process);
        if (known !== null) this.#tell(known, line, said);
      },
    });
    this.#all.add(process);
    void process.gone.then(() => {
      this.#all.delete(process);
      if (known !== null) this.#forget(known, process);
    });
    try {
      return await begin(process);
    } catch (error) {
      await process.leave();
      throw error;
    }
  }

  #register(id: string, process: SessionProcess): void {
    this.#processes.set(id, process);
    this.#options.log.info('session', { id, pid: process.pid });
    this.listeners.came(id);
  }

  #tell(id: string, line: string, said: Report): void {
    if (said.kind === 'did' || said.kind === 'failed') return;
    this.listeners.tell(id, line, said);
    if (said.kind === 'resting') this.#options.onRest(id);
  }

  #forget(id: string, process: SessionProcess): void {
    if (this.#processes.get(id) !== process) return;
    this.#processes.delete(id);
    this.#options.log.info('session left', { id, isInterrupted: this.isInterrupted(id) });
    this.listeners.left(id);
    this.#options.onLeft();
  }
}

const ending = new ApiError(503, 'ending', {
  message: 'The daemon is ending',
  hint: 'Try again when it runs: deskhand daemon start',
});

const full = new ApiError(429, 'too_many', {
  message: `${MOST} sessions are open already`,
  hint: 'Stop one: POST /sessions/ID/stop',
});
