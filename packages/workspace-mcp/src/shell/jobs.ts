import { setTimeout as pause } from 'node:timers/promises';
import { FileError } from '../files/file-error.ts';
import { Job, type JobView } from './job.ts';
import type { OutputRoom } from './output-room.ts';
import { processesOfJob, ticksNow } from './processes.ts';
import { PtyShell, signal, type Environment } from './pty-shell.ts';
import type { ShellState } from './shell-report.ts';
import type { Part } from './spill.ts';

export interface JobsParts {
  readonly state: ShellState;
  readonly env: Environment;
  readonly room: OutputRoom;
}

/** Commands that are known, with or without what they printed. */
const MOST_JOBS = 64;
const POLL_MS = 100;
const GRACE_MS = 2_000;

/** The shell of a session, and all commands that were run in it. */
export class Jobs {
  readonly #jobs = new Map<number, Job>();
  readonly #env: Environment;
  readonly #room: OutputRoom;
  #watch: NodeJS.Timeout | null = null;
  #shell: PtyShell | null = null;
  #state: ShellState;
  #starting: Promise<unknown> = Promise.resolve();
  #shells = 0;

  constructor({ state, env, room }: JobsParts) {
    this.#state = state;
    this.#env = env;
    this.#room = room;
  }

  get state(): ShellState {
    return this.#state;
  }

  /** Starts a command in the shell, or in a copy of it: in the background, or while an earlier one still runs. */
  async start(id: number, command: string, isBackground: boolean): Promise<boolean> {
    await this.#roomMade();
    this.#forget();
    const starting = this.#start(id, command, isBackground);
    this.#starting = starting;
    return starting;
  }

  /** Whether it got a copy of the shell because that one is busy. */
  async #start(id: number, command: string, isBackground: boolean): Promise<boolean> {
    const isBusy = [...this.#jobs.values()].some(({ end, shell }) => end === null && shell === this.#shell);
    const isCopy = !isBackground && isBusy;
    const shell = isBackground ? await this.#open() : await this.#current(isBusy);
    const spill = this.#room.spill(id);
    const job = new Job({ id, command, isBackground, shell, spill, ticks: ticksNow() });
    job.done = shell
      .run(command, { job: id, output: spill.path })
      .then((status) => this.#ended(job, status))
      .catch(() => undefined);
    this.#jobs.set(id, job);
    this.#watch ??= setInterval(() => this.#makeRoom(), POLL_MS);
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
      const call = job.readCall();
      if (call !== null && call === seen.call && size === seen.size) break;
      seen = { size, call };
    }
    return this.view(id);
  }

  view(id: number): JobView {
    return this.#job(id).view;
  }

  get all(): readonly JobView[] {
    return [...this.#jobs.values()].map(({ view }) => view);
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

  /** Types at its terminal. */
  type(id: number, text: string): void {
    this.#running(id).shell.type(text);
  }

  /** Name of the program that words typed now would go to. */
  reader(id: number): string {
    return this.#running(id).reader;
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

  async #current(isBusy: boolean): Promise<PtyShell> {
    if (this.#shell !== null && !isBusy && !this.#shell.isOver) return this.#shell;
    this.#shell = await this.#open();
    return this.#shell;
  }

  async #open(): Promise<PtyShell> {
    const folder = this.#room.folderOf(`shell-${(this.#shells += 1)}`);
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
    this.#noteFull();
    const { shell, isBackground, spill } = job;
    const isCurrent = shell === this.#shell;
    const lostShell = shell.isOver;
    job.end = { status, at: performance.now(), lostShell: lostShell && isCurrent };
    job.isTooMuch ||= spill.size > this.#room.most;
    spill.cut(this.#room.most);
    if (isCurrent) this.#state = shell.state;
    if (lostShell && isCurrent) this.#shell = null;
    if (!isCurrent || isBackground) shell.end();
  }

  /** Old outputs make room for new ones, and who prints without end is ended. */
  #makeRoom(): void {
    this.#noteFull();
    const jobs = [...this.#jobs.values()];
    for (const job of this.#room.clear(jobs)) {
      if (job.isTooMuch) continue;
      job.isTooMuch = true;
      void this.kill(job.id, 'SIGKILL');
    }
    if (this.#watch === null || jobs.some(({ end }) => end === null)) return;
    clearInterval(this.#watch);
    this.#watch = null;
  }

  /** A room may be full, and empty again, before anybody is ended for it. */
  #noteFull(): void {
    const running = [...this.#jobs.values()].filter(({ end }) => end === null);
    if (running.length === 0 || !this.#room.isFull) return;
    for (const job of running) job.hadNoRoom = true;
  }

  /** Who prints without end is over then, and what it printed may have gone. */
  async #roomMade(): Promise<void> {
    this.#makeRoom();
    const ending = [...this.#jobs.values()].filter((job) => job.isTooMuch && job.end === null);
    await Promise.all(ending.map(({ done }) => done));
    if (ending.length > 0) this.#makeRoom();
  }

  #forget(): void {
    const ended = [...this.#jobs.values()].filter(({ end }) => end !== null);
    for (const { id, spill } of ended.slice(0, Math.max(0, ended.length - MOST_JOBS))) {
      spill.remove();
      this.#jobs.delete(id);
    }
  }

  #job(id: number): Job {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    const last = Math.max(0, ...this.#jobs.keys());
    const why = id < last ? ` any more: the last ${MOST_JOBS} are known` : '';
    throw new FileError('no_job', `there is no command bash_${id}${why}`, {
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
