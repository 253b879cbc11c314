import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FileError } from '../files/file-error.ts';
import { foregroundOf, processesOfJob, ticksNow, waitsForWords } from './processes.ts';
import { PtyShell, signal, type Environment, type ShellState } from './pty-shell.ts';
import { MOST_OUTPUT, Spill, type Part } from './spill.ts';

/** A command that was started, as it is now. */
export interface JobView {
  readonly id: number;
  readonly command: string;
  readonly state: 'running' | 'waiting' | 'ended';
  /** Its exit code; `null` while it runs, and when its shell ended with it. */
  readonly status: number | null;
  readonly ms: number;
  readonly isBackground: boolean;
  /** Its shell ended with it. */
  readonly lostShell: boolean;
  /** Bytes that it printed, and where they are. */
  readonly size: number;
  readonly path: string;
}

interface Job {
  readonly id: number;
  readonly command: string;
  readonly isBackground: boolean;
  readonly shell: PtyShell;
  readonly spill: Spill;
  readonly startedAt: number;
  /** When it started, as processes count it. */
  readonly ticks: number;
  readonly done: Promise<void>;
  end: { readonly status: number | null; readonly at: number; readonly lostShell: boolean } | null;
  readTo: number;
}

const MOST_JOBS = 64;
/** Bytes that are kept of an output when other commands ran. */
const KEPT_OUTPUT = 20 * 1024 ** 2;
const POLL_MS = 100;
const GRACE_MS = 2_000;

/** The shell of a session, and all commands that were run in it. */
export class Jobs {
  readonly #folder = mkdtempSync('/tmp/deskhand-shell-');
  readonly #jobs = new Map<number, Job>();
  readonly #env: Environment;
  #shell: PtyShell | null = null;
  #state: ShellState;
  #starting: Promise<unknown> = Promise.resolve();
  #shells = 0;

  constructor(state: ShellState, env: Environment) {
    this.#state = state;
    this.#env = env;
  }

  get state(): ShellState {
    return this.#state;
  }

  /** Starts a command in the shell, or in a copy of it: in the background, or while an earlier one still runs. */
  async start(id: number, command: string, isBackground: boolean): Promise<boolean> {
    this.#forget();
    const starting = this.#start(id, command, isBackground);
    this.#starting = starting;
    return starting;
  }

  /** Whether it got a copy of the shell because that one is busy. */
  async #start(id: number, command: string, isBackground: boolean): Promise<boolean> {
    const isBusy = [...this.#jobs.values()].some(({ end, shell }) => end === null && shell === this.#shell);
    const isCopy = !isBackground && isBusy;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const spill = new Spill(join(this.#folder, `${id}.out`));
    const shell = isBackground ? await this.#open() : await this.#current(isBusy);
    const job: Job = {
      ...{ id, command, isBackground, shell, spill, end: null, readTo: 0, startedAt: performance.now() },
      ticks: ticksNow(),
      done: shell
        .run(command, { job: id, output: spill.path })
        .then((status) => this.#ended(job, status))
        .catch(() => undefined),
    };
    this.#jobs.set(id, job);
    return isCopy;
  }

  /** Waits until it ends, or waits for words to be typed, at most so long. */
  async wait(id: number, ms: number): Promise<JobView> {
    const job = this.#job(id);
    const until = performance.now() + ms;
    let seen: { readonly size: number; readonly call: string | null } = { size: -1, call: null };
    const hasEnded = (): boolean => job.end !== null;
    for (let left = ms; !hasEnded() && left > 0; left = until - performance.now()) {
      await Promise.race([job.done, pause(Math.min(POLL_MS, left))]);
      if (hasEnded()) break;
      const { size } = job.spill;
      if (size > MOST_OUTPUT) await this.kill(id, 'SIGKILL');
      const call = this.#reads(job);
      if (call !== null && call === seen.call && size === seen.size) break;
      seen = { size, call };
    }
    return this.view(id);
  }

  view(id: number): JobView {
    const job = this.#job(id);
    const { command, isBackground, end, spill, startedAt } = job;
    return {
      ...{ id, command, isBackground, size: spill.size, path: spill.path },
      state: end !== null ? 'ended' : this.#reads(job) === null ? 'running' : 'waiting',
      status: end?.status ?? null,
      lostShell: end?.lostShell ?? false,
      ms: (end?.at ?? performance.now()) - startedAt,
    };
  }

  get all(): readonly JobView[] {
    return [...this.#jobs.keys()].map((id) => this.view(id));
  }

  /** What it printed since it was read last, or from a byte on. */
  read(id: number, from?: number): Part & { readonly from: number } {
    const job = this.#job(id);
    const { size } = job.spill;
    const start = Math.min(from ?? job.readTo, size);
    job.readTo = size;
    return { ...job.spill.part(start, size), from: start };
  }

  /** The bytes of an output themselves. */
  bytes(id: number, from: number, length: number): Buffer {
    return this.#job(id).spill.bytes(from, length);
  }

  /** Types at its terminal; the name of the program that has it, which is who gets it. */
  type(id: number, text: string): void {
    const job = this.#running(id);
    job.shell.type(text);
  }

  /** Name of the program that words typed now would go to. */
  reader(id: number): string {
    const { shell } = this.#running(id);
    return foregroundOf(shell.pid).find(({ pid }) => pid !== shell.pid)?.name ?? 'bash';
  }

  /** Ends it, with all that it started: by asking first, unless the signal is SIGKILL. */
  async kill(id: number, name: NodeJS.Signals): Promise<void> {
    await this.#starting.catch(() => undefined);
    const job = this.#job(id);
    const { shell, ticks } = job;
    const others = (): readonly number[] => processesOfJob(id, shell.pid, ticks);
    if (job.end === null && name !== 'SIGKILL') shell.type('\u0003');
    for (const pid of others()) signal(pid, name);
    if (name !== 'SIGKILL') await Promise.race([job.done, pause(GRACE_MS)]);
    for (const pid of others()) signal(pid, 'SIGKILL');
    await Promise.race([job.done, pause(POLL_MS)]);
    if (job.end !== null) return;
    shell.end();
    await job.done;
  }

  #reads({ shell, spill, end }: Job): string | null {
    if (end !== null || shell.pid === 0) return null;
    const call = waitsForWords(shell.pid, shell.terminal);
    if (call !== 'polls') return call;
    // many programs poll the terminal all the time: only one that asked something waits
    return /[?:>\])] ?$/.test(spill.lastWords()) ? call : null;
  }

  async #current(isBusy: boolean): Promise<PtyShell> {
    if (this.#shell !== null && !isBusy && !this.#shell.isOver) return this.#shell;
    this.#shell = await this.#open();
    return this.#shell;
  }

  async #open(): Promise<PtyShell> {
    const folder = join(this.#folder, `shell-${(this.#shells += 1)}`);
    mkdirSync(folder, { mode: 0o700 });
    // what a program writes to the terminal itself, such as a question for a password, is its output too
    let shell: PtyShell | null = null;
    const onTerminal = (bytes: Buffer): void => this.#busyIn(shell)?.spill.append(bytes);
    shell = await PtyShell.start({ folder, onTerminal, env: this.#env }, this.#state);
    return shell;
  }

  #busyIn(shell: PtyShell | null): Job | undefined {
    return [...this.#jobs.values()].find((job) => job.end === null && job.shell === shell);
  }

  #ended(job: Job, status: number | null): void {
    const { shell, isBackground, spill } = job;
    const isCurrent = shell === this.#shell;
    const lostShell = shell.isOver;
    job.end = { status, at: performance.now(), lostShell: lostShell && isCurrent };
    spill.cut(MOST_OUTPUT);
    if (isCurrent) this.#state = shell.state;
    if (lostShell && isCurrent) this.#shell = null;
    if (!isCurrent || isBackground) shell.end();
  }

  /** Old outputs make room for new ones. */
  #forget(): void {
    const ended = [...this.#jobs.values()].filter(({ end }) => end !== null);
    for (const { spill } of ended) spill.cut(KEPT_OUTPUT);
    for (const { id, spill } of ended.slice(0, Math.max(0, ended.length - MOST_JOBS))) {
      spill.close();
      rmSync(spill.path, { force: true });
      this.#jobs.delete(id);
    }
  }

  #job(id: number): Job {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw new FileError('no_job', `there is no command bash_${id}`, {
      hint: 'BashOutput without bash_id lists all.',
    });
  }

  #running(id: number): Job {
    const job = this.#job(id);
    if (job.end === null) return job;
    throw new FileError('job_ended', `bash_${id} has ended, so nothing reads what is typed`, {
      hint: 'Run it again.',
    });
  }
}
