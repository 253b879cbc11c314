import { ToolError, type CallContext } from '@deskhand/server-runtime';
import { mayHaveHit } from '../limits.ts';
import type { WorkspaceSession } from '../session.ts';
import type { Going } from '../guard/verdict.ts';
import type { AnswerOf } from '../worker/answers.ts';

/** What the shell is, as it told last. */
export interface LiveState {
  readonly cwd: string;
  /** Makes its variables, functions and aliases anew. */
  readonly script: string;
}

/** A command, and what it printed. */
export type Ran = AnswerOf<'bashWait'> & {
  readonly isCopy?: boolean;
  readonly isFresh?: boolean;
  /** Limits that may be why it failed, in words. */
  readonly hits?: readonly string[];
};

/** Milliseconds between two looks at a command. */
const LOOK_MS = 500;
const GIVE_UP_MS = 10_000;

/** Nothing waits for an editor or a pager that nobody sees. */
const START = `export PAGER=cat GIT_PAGER=cat MANPAGER=cat GIT_EDITOR=true GIT_TERMINAL_PROMPT=0 DEBIAN_FRONTEND=noninteractive\n`;

/** The shell of a session as its tools use it: it is in the sandbox, and what it is outlives both. */
export class SessionShell {
  readonly #session: WorkspaceSession;
  #state: LiveState;
  #last = 0;

  constructor(session: WorkspaceSession) {
    this.#session = session;
    const [first] = session.mounts;
    this.#state = {
      cwd: first === undefined ? '/home/agent' : `${session.root}/${first.name}`,
      script: START,
    };
  }

  get state(): LiveState {
    return this.#state;
  }

  get mounts(): readonly string[] {
    return this.#session.mounts.map(({ name }) => `${this.#session.root}/${name}`);
  }

  /**
   * Runs a command and waits so long for its end; one that goes on is left to itself. A call that is given up ends it.
   *
   * @throws ToolError
   */
  async run(
    command: string,
    { background, wait }: { readonly background: boolean; readonly wait: number },
    call: CallContext,
  ): Promise<Ran> {
    const id = (this.#last += 1);
    const request = { id, command, background, wait: Math.min(wait, LOOK_MS), ...this.#state };
    try {
      const first = await this.#session.ask('bash', request, call.signal);
      const { isCopy, isFresh } = first;
      const ran =
        this.#told(first).part === null
          ? await this.look(id, { wait: wait - LOOK_MS }, call)
          : await this.#measured(first);
      return { ...ran, isCopy, isFresh: isFresh && id > 1 };
    } catch (error) {
      // whoever gives a command up does not want it to go on
      if (call.signal.aborted) await this.#giveUp(id);
      throw error;
    }
  }

  async #giveUp(id: number): Promise<void> {
    try {
      await this.#session.ask('bashKill', { id, signal: 'SIGTERM' }, AbortSignal.timeout(GIVE_UP_MS));
    } catch (error) {
      // it did not even begin, or the sandbox ended and it with that
      if (!(error instanceof ToolError)) throw error;
    }
  }

  /** Waits for a command that was started before, and gives what is new, or what is from a byte on. */
  async look(
    id: number,
    { wait, from }: { readonly wait: number; readonly from?: number | undefined },
    call: CallContext,
  ): Promise<Ran> {
    const until = performance.now() + wait;
    for (;;) {
      const left = Math.max(0, until - performance.now());
      const request = {
        ...{ id, wait: Math.min(left, LOOK_MS), read: left <= LOOK_MS },
        ...(from !== undefined && { from }),
      };
      const ran = this.#told(await this.#session.ask('bashWait', request, call.signal));
      if (ran.part !== null) return this.#measured(ran);
      call.progress(Math.round(ran.job.ms / 1_000), undefined, `${ran.job.size} bytes printed`);
    }
  }

  /** Ends a command and all that it started. */
  async kill(id: number, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL', call: CallContext): Promise<Ran> {
    return this.#told(await this.#session.ask('bashKill', { id, signal }, call.signal));
  }

  /** Types at the terminal of a command. */
  async type(id: number, text: string, call: CallContext): Promise<void> {
    await this.#session.ask('bashType', { id, text }, call.signal);
  }

  /** The program that reads what is typed. */
  async reader(id: number, call: CallContext): Promise<string> {
    return (await this.#session.ask('bashType', { id }, call.signal)).reader;
  }

  async jobs(call: CallContext): Promise<AnswerOf<'bashJobs'>['jobs']> {
    return (await this.#session.ask('bashJobs', {}, call.signal)).jobs;
  }

  /** What bash finds wrong with a script before it runs any of it. */
  async syntaxProblem(script: string, call: CallContext): Promise<string | null> {
    return (await this.#session.ask('bashSyntax', { script }, call.signal)).problem;
  }

  async bytes(id: number, length: number, call: CallContext): Promise<Buffer> {
    const { base64 } = await this.#session.ask('bashBytes', { id, from: 0, length }, call.signal);
    return Buffer.from(base64, 'base64');
  }

  /** What deleting these would come to, in words for a person. */
  async findings(goes: readonly Going[], call: CallContext): Promise<readonly (readonly [string, string])[]> {
    if (goes.length === 0) return [];
    const count = await this.#session.ask('bashGoes', { goes: [...goes] }, call.signal);
    return [['Would be lost', `${countWords(count)}, ${count.today} of them changed today`]];
  }

  /** A file as it is now, to be judged before it is run. */
  script(path: string, call: CallContext): Promise<AnswerOf<'bashScript'>> {
    return this.#session.ask('bashScript', { path }, call.signal);
  }

  /** What of these a checkpoint would not hold: one that names them, or one of everything. */
  async unkept(
    goes: readonly Going[],
    isNamed: boolean,
    call: CallContext,
  ): Promise<readonly { readonly path: string; readonly why: string; readonly size: string }[]> {
    const asked = { goes: [...goes], isNamed };
    const { unkept, more } = await this.#session.ask('bashUnkept', asked, call.signal);
    const found = unkept.map(({ path, why, ...count }) => ({ path, why, size: countWords(count) }));
    const rest = goes.map(({ path }) => ({
      path,
      why: 'it is more than can be looked through',
      size: 'all of it',
    }));
    return more ? [...found, ...rest] : found;
  }

  async #measured<R extends Ran>(ran: R): Promise<R> {
    const { state, status } = ran.job;
    const over = { exitCode: status, printed: ran.part === null ? '' : ran.part.head + ran.part.tail };
    if (state !== 'ended' || !mayHaveHit(over)) return ran;
    return { ...ran, hits: await this.#session.limitsHit(over) };
  }

  #told<R extends Ran>(ran: R): R {
    this.#state = ran.state;
    return ran;
  }
}

function countWords({
  files,
  bytes,
  isAll,
}: {
  readonly files: number;
  readonly bytes: number;
  readonly isAll: boolean;
}): string {
  return `${isAll ? '' : 'at least '}${files} ${files === 1 ? 'file' : 'files'}, ${sizeOf(bytes)}`;
}

function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`;
}
