import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { bytesOf } from '../files/byte-names.ts';
import { FileError } from '../files/file-error.ts';
import { isSystemError } from '../files/system-error.ts';
import { cpuLimitIn } from './cpu-limit.ts';
import { optionsIn, report, reportIn, type Report, type ShellState } from './shell-report.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ShellOptions {
  /** A folder of its own. */
  readonly folder: string;
  readonly env: Environment;
  /** Given what programs write to the terminal itself. */
  readonly onTerminal: (bytes: Buffer) => void;
}

/** Descriptors of the shell: commands come in and reports go out apart from the terminal, which only programs have. */
const FD = { commands: 3, reports: 4, terminal: 6 } as const;

/** Ends what a terminal shows while its shell is set up. */
const MARK = 'deskhand-begins';
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * An interactive bash on a terminal of its own, so that Ctrl-C ends a command and not the shell. It reads commands
 * from a descriptor, so that what is typed for a program is never taken for a command.
 */
export class PtyShell {
  /** What it was when it last told. */
  state: ShellState;
  pid = 0;
  terminal = '';
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #commands: Duplex;
  readonly #exitFile: string;
  /** The terminal has shown all that it shows at the start, such as a prompt. */
  readonly #quiet: Promise<void>;
  #received: Buffer = Buffer.alloc(0);
  #reported: ((report: Report) => void) | null = null;
  #isOver = false;

  private constructor(process: ChildProcess, { folder, onTerminal }: ShellOptions, state: ShellState) {
    this.state = state;
    this.#process = process;
    this.#commands = pipeOf(process, FD.commands);
    this.#exitFile = join(folder, 'exit');
    pipeOf(process, FD.reports).on('data', (bytes: Buffer) => this.#receive(bytes));
    this.#quiet = new Promise((resolve) => {
      process.stdout?.on('data', afterMark(onTerminal, resolve));
    });
    this.ended = new Promise((resolve) => {
      process.once('exit', (code) => {
        this.#isOver = true;
        resolve(code);
      });
      process.once('error', () => resolve(null));
    });
  }

  static async start(options: ShellOptions, state: ShellState): Promise<PtyShell> {
    const { env, limit } = cpuLimitIn(options.env);
    // where memory is short, what was started goes and not what starts it
    const bash = `echo 500 >/proc/self/oom_score_adj; ${limit}exec /bin/bash --noprofile --norc --noediting -i 0<&${FD.commands} ${FD.commands}<&-`;
    // a line of `script` makes the terminal: part of every Linux, and no native code of ours
    const child = spawn('script', ['--quiet', '--return', '--flush', '--command', bash, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'ignore', 'pipe', 'pipe'],
      cwd: '/',
      env: { ...env, SHELL: '/bin/bash', TERM: 'dumb', PS1: '', PS2: '' },
    });
    const shell = new PtyShell(child, options, state);
    for (const pipe of [child.stdin, shell.#commands]) pipe?.on('error', () => undefined);
    try {
      await shell.#setUp(options.folder);
    } catch (error) {
      shell.end();
      throw isSystemError(error, 'ENOSPC') ? noRoom(error) : error;
    }
    return shell;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Runs a script in the shell itself, and gives its exit code, or that of the shell when it ended with it. */
  async run(
    script: string,
    { job, output }: { readonly job: number; readonly output: string },
  ): Promise<number | null> {
    const leftTyped = `while \\builtin read -rt 0 <&${FD.terminal} && \\builtin read -rt 0.01 <&${FD.terminal}; do :; done`;
    const done = await this.#send(
      `${leftTyped}\nDESKHAND_JOB=${job} \\builtin eval ${quoted(script)} ` +
        `<&${FD.terminal} >>${quoted(output)} 2>&1 ${FD.reports}>&- ${FD.terminal}>&-\n\n` +
        `{ ${report(`${job}`, '$?')} } >&${FD.reports} 2>/dev/null\n`,
    );
    if (done !== null) return done.status;
    this.#readExitFile();
    return this.ended;
  }

  /** Types at its terminal. */
  type(text: string): void {
    this.#process.stdin?.write(text);
  }

  end(): void {
    this.#process.kill('SIGKILL');
    if (this.pid > 0 && !this.#isOver) signal(this.pid, 'SIGKILL');
  }

  async #setUp(folder: string): Promise<void> {
    const { cwd, script } = this.state;
    const file = join(folder, 'state');
    const options = optionsIn(script.toString('latin1'));
    writeFileSync(file, script, { mode: 0o600 });
    const started = await this.#send(
      [
        `${options.first}. ${quoted(file)} 2>/dev/null`,
        `PS1= PS2= PS0=; declare -r PROMPT_COMMAND= 2>/dev/null; shopt -u promptvars; set +o history +H; \\builtin cd -- ${quoted(cwd)} 2>/dev/null`,
        `exec ${FD.terminal}<>"$(tty <&2)"; stty -echo <&${FD.terminal}; \\builtin printf ${MARK} >&${FD.terminal}`,
        `trap '{ ${report('exit', '$?').replaceAll("'", String.raw`'\''`)} } >${this.#exitFile} 2>/dev/null' EXIT`,
        `{ ${report(`"$(tty <&${FD.terminal})"`, '$$')} } >&${FD.reports} 2>/dev/null`,
        // last, so that none of the above ends the shell
        options.last,
      ].join('\n'),
    );
    await Promise.race([this.#quiet, this.ended]);
    this.pid = started?.status ?? 0;
    this.terminal = started?.name ?? '';
    rmSync(file, { force: true });
  }

  #send(line: string): Promise<Report | null> {
    const reported = new Promise<Report>((resolve) => {
      this.#reported = resolve;
    });
    // the folder that it was in may have any name
    this.#commands.write(bytesOf(line));
    return Promise.race([reported, this.ended.then(() => null)]);
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    const found = reportIn(this.#received);
    if (found === null) return;
    this.#received = found.rest;
    this.#take(found.report);
  }

  #take(told: Report): void {
    this.state = { cwd: told.cwd, script: told.script };
    this.#reported?.(told);
  }

  /** What it was when it was told to exit; of one that was killed only what it was before. */
  #readExitFile(): void {
    try {
      const found = reportIn(readFileSync(this.#exitFile));
      if (found !== null) this.#take(found.report);
    } catch {
      // it did not come to write it
    }
  }
}

/** Hands on what comes after the mark. */
function afterMark(next: (bytes: Buffer) => void, marked: () => void): (bytes: Buffer) => void {
  let before: Buffer | null = Buffer.alloc(0);
  return (bytes) => {
    if (before === null) {
      next(bytes);
      return;
    }
    before = Buffer.concat([before, bytes]);
    const at = before.indexOf(MARK);
    if (at < 0) return;
    const rest = before.subarray(at + MARK.length);
    before = null;
    marked();
    if (rest.length > 0) next(rest);
  };
}

/** To a process, or to a group of them when it is negative, that may be gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended before
  }
}

function pipeOf({ stdio }: ChildProcess, fd: number): Duplex {
  const pipe: unknown = stdio[fd];
  if (pipe instanceof Duplex) return pipe;
  throw new TypeError(`descriptor ${fd} is no pipe`);
}

const noRoom = (cause: unknown): FileError =>
  new FileError('no_space', 'there is no room for what commands print', {
    cause,
    hint: 'End those that print without end: BashOutput lists them, KillBash ends one.',
  });
