import { safeLine, ToolError, type CallContext } from '@deskhand/server-runtime';
import type { Checkpoint, Checkpoints } from '../checkpoints/checkpoints.ts';
import { wellFormed } from '../files/byte-names.ts';
import type { Verdict } from '../guard/verdict.ts';
import type { WorkspaceSession } from '../session.ts';
import type { Approval, Intent } from './approval.ts';
import type { Ran, SessionShell } from './session-shell.ts';
import { isWide, World, type Loss } from './world.ts';

/** Words that mean the same to every shell: nothing in them has to be looked at twice. */
const SIMPLE =
  /^(?!.*\b(?:if|then|elif|else|fi|for|select|while|until|do|done|case|esac|in|function|time|coproc)\b)[\w ./:@=+,-]*$/;
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
  readonly session: WorkspaceSession;
  readonly approval: Pick<Approval, 'admit' | 'admitLosses'>;
  readonly checkpoints: Checkpoints;
}

/** What is to be run, in the agent's words and in its own. */
interface Wanted {
  readonly command: string;
  readonly reason: string;
}

interface Admitted {
  readonly intent: Intent;
  readonly verdict: Verdict;
}

/** What became of a command, and the step that takes it back. */
export interface KeptRan extends Ran {
  readonly step?: number;
  /** What that step does not have. */
  readonly notes?: readonly string[];
}

/** Commands of a session, each decided about before it runs. */
export class Commands {
  readonly shell: SessionShell;
  readonly #parts: CommandParts;
  /** Steps of commands that still run: what is typed into them has steps of its own. */
  readonly #open = new Map<number, readonly number[]>();
  readonly #since = Date.now();

  constructor(shell: SessionShell, parts: CommandParts) {
    this.shell = shell;
    this.#parts = parts;
  }

  /** @throws ToolError when it may not run */
  async run(
    wanted: Wanted,
    how: { readonly background: boolean; readonly wait: number },
    call: CallContext,
  ): Promise<KeptRan> {
    const command = wellFormed(wanted.command);
    await this.#checkSyntax(command, call);
    const admitted = await this.#admit({ ...wanted, command }, call);
    const kept = await this.#keep(admitted, call);
    const ran = await this.shell.run(command, how, call);
    if (kept === null) return ran;
    this.#open.set(ran.job.id, [kept.number]);
    const isKept = await this.#close(ran, call);
    return isKept ? { ...ran, step: kept.number, notes: kept.notes } : ran;
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
  async #keep(admitted: Admitted, call: CallContext): Promise<Checkpoint | null> {
    const { intent, verdict } = admitted;
    if (verdict.decision === 'allow' && verdict.goes.length === 0) return null;
    const paths = isWide(verdict) ? 'all' : verdict.goes.map(({ path }) => path);
    const label = `Bash ${safeLine(intent.command, 100)}`;
    const { checkpoints } = this.#parts;
    const kept = await checkpoints.before({ label, paths }, call.signal);
    if (kept?.isCut !== true) return kept;
    try {
      await this.#parts.approval.admitLosses(intent, { verdict, losses: allOf(admitted) }, call);
    } catch (error) {
      await checkpoints.after(kept.number, call.signal);
      throw error;
    }
    return kept;
  }

  /** Notes how a command that is over left things; whether it changed any. */
  async #close({ job }: Ran, { signal }: CallContext): Promise<boolean> {
    const steps = this.#open.get(job.id);
    if (steps === undefined || job.state !== 'ended') return steps !== undefined;
    this.#open.delete(job.id);
    const changed: boolean[] = [];
    for (const step of steps) changed.push(await this.#parts.checkpoints.after(step, signal));
    return changed.includes(true);
  }

  /** Types a line or presses a key. What a shell or an interpreter reads is decided about as a command is. */
  async type(
    id: number,
    what: string | { readonly key: keyof typeof KEYS },
    call: CallContext,
  ): Promise<Ran> {
    const reader = await this.shell.reader(id, call);
    const typed = typeof what === 'string' ? `${wellFormed(what)}\n` : KEYS[what.key];
    if (typeof what === 'string') {
      const start = READERS.find(([name]) => name.test(reader))?.[1];
      if (start !== undefined) await this.#keepTyped(id, `${start} ${quoted(wellFormed(what))}`, call);
    }
    await this.shell.type(id, typed, call);
    return this.look(id, { wait: ANSWER_MS }, call);
  }

  async #keepTyped(id: number, command: string, call: CallContext): Promise<void> {
    const kept = await this.#keep(await this.#admit({ command, reason: '' }, call), call);
    if (kept !== null) this.#open.set(id, [...(this.#open.get(id) ?? []), kept.number]);
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

  async #admit(wanted: Wanted, call: CallContext): Promise<Admitted> {
    const { shell } = this;
    const { session, checkpoints, approval } = this.#parts;
    const world = new World({ session, shell, checkpoints, since: this.#since }, call);
    const intent = { ...wanted, state: shell.state, mounts: shell.mounts, world };
    return { intent, verdict: await approval.admit(intent, call) };
  }
}

/** All that a command deletes, when a checkpoint turned out to have only a part of what there is. */
const allOf = ({ intent: { world }, verdict: { goes } }: Admitted): readonly Loss[] =>
  goes.flatMap(({ path, isRemoved }) => {
    const onComputer = isRemoved ? world.onComputer(path) : null;
    const why = 'there is more than a checkpoint takes';
    return onComputer === null ? [] : [{ path: onComputer, why, size: 'some of it' }];
  });

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
