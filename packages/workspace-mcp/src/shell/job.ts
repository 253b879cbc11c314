import { foregroundOf, waitsForWords } from './processes.ts';
import type { PtyShell } from './pty-shell.ts';
import type { Spill } from './spill.ts';

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
  /** What it printed made room for what others print. */
  readonly isGone: boolean;
  /** It was ended for printing so much. */
  readonly isTooMuch: boolean;
  /** There was no room for what is printed while it ran. */
  readonly hadNoRoom: boolean;
}

interface JobStart {
  readonly id: number;
  readonly command: string;
  readonly isBackground: boolean;
  readonly shell: PtyShell;
  readonly spill: Spill;
  /** When it started, as processes count it. */
  readonly ticks: number;
}

interface JobEnd {
  readonly status: number | null;
  readonly at: number;
  readonly lostShell: boolean;
}

/** One command of a shell. */
export class Job {
  readonly id: number;
  readonly isBackground: boolean;
  readonly shell: PtyShell;
  readonly spill: Spill;
  readonly ticks: number;
  done: Promise<void> = Promise.resolve();
  end: JobEnd | null = null;
  readTo = 0;
  isTooMuch = false;
  hadNoRoom = false;
  readonly #command: string;
  readonly #startedAt = performance.now();

  constructor({ id, command, isBackground, shell, spill, ticks }: JobStart) {
    this.id = id;
    this.isBackground = isBackground;
    this.shell = shell;
    this.spill = spill;
    this.ticks = ticks;
    this.#command = command;
  }

  get view(): JobView {
    const { id, isBackground, spill, end, isTooMuch, hadNoRoom } = this;
    return {
      ...{ id, command: this.#command, isBackground, isTooMuch, hadNoRoom },
      ...{ size: spill.size, path: spill.path, isGone: spill.isGone },
      state: end !== null ? 'ended' : this.readCall() === null ? 'running' : 'waiting',
      status: end?.status ?? null,
      lostShell: end?.lostShell ?? false,
      ms: (end?.at ?? performance.now()) - this.#startedAt,
    };
  }

  /** How it waits for words to be typed, if it does. */
  readCall(): 'reads' | 'polls' | null {
    const { shell, spill, end } = this;
    if (end !== null || shell.pid === 0) return null;
    const call = waitsForWords(shell.pid, shell.terminal);
    if (call !== 'polls') return call;
    // many programs poll the terminal all the time: only one that asked something waits
    return /[?:>\])] ?$/.test(spill.lastWords()) ? call : null;
  }

  /** Name of the program that words typed now would go to. */
  get reader(): string {
    const { pid } = this.shell;
    return foregroundOf(pid).find((process) => process.pid !== pid)?.name ?? 'bash';
  }
}
