import type { CommandRequest } from '@deskhand/grants';
import { ToolError, type CallContext } from '@deskhand/server-runtime';
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

/** Commands of a session, each decided about before it runs. */
export class Commands {
  readonly shell: SessionShell;
  readonly #approval: Pick<Approval, 'admit'>;

  constructor(shell: SessionShell, approval: Pick<Approval, 'admit'>) {
    this.shell = shell;
    this.#approval = approval;
  }

  /** @throws ToolError when it may not run */
  async run(
    { command, reason }: { readonly command: string; readonly reason: string },
    how: { readonly background: boolean; readonly wait: number },
    call: CallContext,
  ): Promise<Ran> {
    await this.#checkSyntax(command, call);
    await this.#admit(command, reason, call);
    return this.shell.run(command, how, call);
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
    return this.shell.look(id, { wait: ANSWER_MS }, call);
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
    return this.#approval.admit({ command, state, mounts, reason, findings }, call);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
