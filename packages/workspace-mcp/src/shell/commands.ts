import type { CommandRequest } from '@deskhand/grants';
import { safeLine, ToolError, type CallContext } from '@deskhand/server-runtime';
import type { Checkpoints } from '../checkpoints/checkpoints.ts';
import type { Verdict } from '../guard/verdict.ts';
import type { Approval } from './approval.ts';
import type { Ran, SessionShell } from './session-shell.ts';

/** Words that mean the same to every shell: nothing in them has to be looked at twice. */
const SIMPLE = /^[\w ./:@=+,-]*$/;
/** What an answer to a program takes before it shows. */
const ANSWER_MS = 2_000;
const KEYS = { 'ctrl-c': '\u0003', 'ctrl-d': '\u0004' } as const;

/** Programs that run what is typed into them, and how the same is run from a command. */
const READERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:r?bash|sh|dash|zsh|ksh|fish)$/, 'bash -c'],
  [/^python[\d.]*$/, 'python3 -c'],
  [/^node$/, 'node -e'],
  [/^perl$/, 'perl -e'],
  [/^i?ruby$|^irb$/, 'ruby -e'],
];

interface CommandParts {
  readonly approval: Pick<Approval, 'admit'>;
  readonly checkpoints: Checkpoints;
}

/** What became of a command, and the step that takes it back. */
export interface KeptRan extends Ran {
  readonly step?: number;
}

/** Commands of a session, each decided about before it runs. */
export class Commands {
  readonly shell: SessionShell;
  readonly #parts: CommandParts;
  /** Steps of commands that still run. */
  readonly #open = new Map<number, number>();

  constructor(shell: SessionShell, parts: CommandParts) {
    this.shell = shell;
    this.#parts = parts;
  }

  /** @throws ToolError when it may not run */
  async run(
    { command, reason }: { readonly command: string; readonly reason: string },
    how: { readonly background: boolean; readonly wait: number },
    call: CallContext,
  ): Promise<KeptRan> {
    await this.#checkSyntax(command, call);
    const verdict = await this.#admit(command, reason, call);
    const step = await this.#keep(command, verdict, call);
    if (step === null) return this.shell.run(command, how, call);
    const ran = await this.shell.run(command, how, call);
    this.#open.set(ran.job.id, step);
    const isKept = await this.#close(ran, call);
    return isKept ? { ...ran, step } : ran;
  }

  /** What is new of a command. */
  async look(
    id: number,
    how: { readonly wait: number; readonly from?: number | undefined },
    call: CallContext,
  ): Promise<Ran> {
    const ran = await this.shell.look(id, how, call);
    await this.#close(ran, call);
    return ran;
  }

  /** Ends a command. */
  async kill(id: number, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL', call: CallContext): Promise<Ran> {
    const ran = await this.shell.kill(id, signal, call);
    await this.#close(ran, call);
    return ran;
  }

  /** Keeps what a command may destroy: all folders when a person had to be asked, else what it deletes or replaces. */
  async #keep(command: string, { decision, goes }: Verdict, { signal }: CallContext): Promise<number | null> {
    if (decision === 'allow' && goes.length === 0) return null;
    const isWide = decision !== 'allow' || goes.some(({ isPattern }) => isPattern);
    const paths = isWide ? 'all' : goes.map(({ path }) => path);
    const kept = await this.#parts.checkpoints.before(
      { label: `Bash ${safeLine(command, 100)}`, paths },
      signal,
    );
    return kept?.number ?? null;
  }

  /** Notes how a command that is over left things; whether it changed any. */
  async #close({ job }: Ran, { signal }: CallContext): Promise<boolean> {
    const step = this.#open.get(job.id);
    if (step === undefined || job.state !== 'ended') return step !== undefined;
    this.#open.delete(job.id);
    return this.#parts.checkpoints.after(step, signal);
  }

  /** Types a line or presses a key. What a shell or an interpreter reads is decided about as a command is. */
  async type(
    id: number,
    what: string | { readonly key: keyof typeof KEYS },
    call: CallContext,
  ): Promise<Ran> {
    const reader = await this.shell.reader(id, call);
    if (typeof what === 'string') {
      const start = READERS.find(([name]) => name.test(reader))?.[1];
      if (start !== undefined) await this.#admit(`${start} ${quoted(what)}`, '', call);
    }
    await this.shell.type(id, typeof what === 'string' ? `${what}\n` : KEYS[what.key], call);
    return this.look(id, { wait: ANSWER_MS }, call);
  }

  /** Another opinion about where a command ends and what is quoted: that of the shell which will run it. */
  async #checkSyntax(command: string, call: CallContext): Promise<void> {
    if (SIMPLE.test(command)) return;
    const problem = await this.shell.syntaxProblem(command, call);
    if (problem === null) return;
    throw new ToolError('bad_syntax', `bash cannot read this, so none of it ran: ${problem}`, {
      hint: 'Look at quotes, brackets and here-documents.',
    });
  }

  async #admit(command: string, reason: string, call: CallContext): Promise<Verdict> {
    const { state, mounts } = this.shell;
    const findings = (verdict: Verdict): Promise<CommandRequest['command']['findings']> =>
      this.shell.findings(verdict.goes, call);
    return this.#parts.approval.admit({ command, state, mounts, reason, findings }, call);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
