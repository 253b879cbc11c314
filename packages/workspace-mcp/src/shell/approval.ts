import {
  ANY_SUBJECT,
  commandRuleSchema,
  decide,
  isShowable,
  type CommandRequest,
  type GrantStore,
} from '@deskhand/grants';
import { ANSWER_MS, askPerson, ToolError, type Asking, type CallContext } from '@deskhand/server-runtime';
import { judge, scopeOf } from '../guard/judge.ts';
import type { Scope, Surroundings } from '../guard/scope.ts';
import type { Verdict, Words } from '../guard/verdict.ts';
import { Written } from '../guard/written.ts';
import { decisionOf, type CommandRule } from './rules.ts';
import type { LiveState } from './session-shell.ts';

/** Which commands a person is asked about. */
export type Approve = 'always' | 'risky' | 'never-in-sandbox';

export interface ApprovalParts {
  readonly approve: Approve;
  readonly grants: Pick<GrantStore, 'add' | 'list' | 'file'>;
  readonly asking: Asking;
  /** Of the policy file. */
  readonly rules: readonly CommandRule[];
}

/** A command that is about to run. */
export interface Intent {
  readonly command: string;
  readonly state: LiveState;
  readonly mounts: readonly string[];
  /** The agent's own words. */
  readonly reason: string;
  /** What would go, counted; asked for only when a person is asked. */
  readonly findings: (verdict: Verdict) => Promise<CommandRequest['command']['findings']>;
}

const HOME = '/home/agent';
/** Words as they are, so that a rule of them is the command itself. */
const PLAIN = /^[\w./:@=+,-]+(?: [\w./:@=+,-]+)*$/;

/** Decides about commands before they run, and asks the person where it is theirs to decide. */
export class Approval {
  readonly #parts: ApprovalParts;
  readonly #written = new Written();
  #last: (LiveState & { readonly scope: Scope }) | null = null;

  constructor(parts: ApprovalParts) {
    this.#parts = parts;
  }

  /**
   * Returns what was found about the command when it may run.
   *
   * @throws ToolError when it may not
   */
  async admit(intent: Intent, call: CallContext): Promise<Verdict> {
    const { command, state, mounts } = intent;
    const surroundings = { cwd: state.cwd, mounts, home: HOME, variables: {}, written: this.#written };
    const verdict = judge(command, surroundings, this.#known(state, surroundings));
    const reasons = this.#reasons(intent, verdict);
    call.note({ command: verdict.decision, reasons });
    if (reasons.length > 0) await this.#ask(intent, verdict, { reasons, call });
    return verdict;
  }

  /** The same as long as the shell is the same. */
  #known({ script, cwd }: LiveState, surroundings: Surroundings): Scope {
    if (this.#last?.script !== script || this.#last.cwd !== cwd)
      this.#last = { script, cwd, scope: scopeOf(script, surroundings) };
    return this.#last.scope;
  }

  /** Why a person has to be asked; none when the command may run. */
  #reasons({ command, state }: Intent, verdict: Verdict): readonly string[] {
    const { approve, rules, grants, asking } = this.#parts;
    const given = grants.list({ subject: asking.session, kinds: ['command', 'script'] });
    const said = (words: Words): readonly string[] => [
      decide(given, { kind: 'command', argv: words }).decision,
      decisionOf(rules, words),
    ];
    const denied = verdict.commands.find((words) => said(words).includes('deny'));
    const script = decide(given, { kind: 'script', text: command, cwd: state.cwd }).decision;
    if (verdict.decision === 'deny' || denied !== undefined || script === 'deny')
      throw deniedFor(verdict, denied);
    if (script === 'allow') return [];
    const ruled = verdict.commands.filter((words) => said(words).includes('ask'));
    const isAllowed = (words: Words): boolean => !ruled.includes(words) && said(words).includes('allow');
    const reasons = ruled.map((words) => `a rule wants a person asked about ${shown(words)}`);
    if (approve !== 'never-in-sandbox') {
      const left = verdict.asks.filter(({ within }) => !within.some(isAllowed));
      reasons.push(...left.map(({ reason }) => reason));
    }
    const isAllAllowed = verdict.commands.length > 0 && verdict.commands.every(isAllowed);
    if (approve === 'always' && reasons.length === 0 && !isAllAllowed)
      reasons.push('every command is asked about');
    return [...new Set(reasons)];
  }

  async #ask(
    intent: Intent,
    verdict: Verdict,
    { reasons, call }: { readonly reasons: readonly string[]; readonly call: CallContext },
  ): Promise<void> {
    const { asking } = this.#parts;
    const why = `This needs a person's word, since ${reasons.join('; ')}`;
    if (!isShowable(intent.command)) {
      throw new ToolError('too_long_to_ask', `${why}; and it is too long for them to be shown whole`, {
        hint: 'Run it in parts, the risky ones by themselves.',
      });
    }
    const request = await this.#request(intent, verdict, reasons);
    const outcome = await askPerson(request, asking, call);
    call.note({ asked: 'command', outcome: outcome.outcome });
    if (outcome.outcome === 'denied') {
      throw new ToolError(outcome.code, `${why}; ${outcome.message}`, { hint: outcome.hint });
    }
    const [decision] = outcome.decisions;
    if (decision?.decision !== 'allow') {
      throw new ToolError('denied_by_person', `The person said no to this command: ${reasons.join('; ')}`, {
        hint: 'Do not try it in another way unless they tell you to; work without it.',
      });
    }
    if (decision.scope !== 'once') await this.#keep(request, decision.scope);
  }

  async #request(intent: Intent, verdict: Verdict, reasons: readonly string[]): Promise<CommandRequest> {
    const { command, state, reason } = intent;
    const isPlain = PLAIN.test(command) && commandRuleSchema.safeParse(command).success;
    const findings = (await intent.findings(verdict)) ?? [];
    return {
      kind: 'command',
      command: { command, cwd: state.cwd, reasons, findings, ...(isPlain && { rule: command }) },
      ...{ reason, mayAlways: true, timeoutMs: ANSWER_MS, grantsFile: this.#parts.grants.file },
    };
  }

  async #keep(
    { command: { command: text, cwd, rule } }: CommandRequest,
    scope: 'session' | 'always',
  ): Promise<void> {
    const { grants, asking } = this.#parts;
    await grants.add({
      subject: scope === 'always' ? ANY_SUBJECT : asking.session,
      resource: rule === undefined ? { kind: 'script', text, cwd } : { kind: 'command', rule },
      ...{ decision: 'allow', scope, origin: 'person' },
    });
  }
}

const shown = (words: Words): string => JSON.stringify(words.join(' ').replaceAll('\0', '…'));

function deniedFor({ decision, reasons, instead }: Verdict, rule: Words | undefined): ToolError {
  if (decision !== 'deny') {
    const what = rule === undefined ? 'this command' : shown(rule);
    return new ToolError('command_denied', `A rule of the person denies ${what}`, {
      hint: 'Work without it, or tell them why you need it.',
    });
  }
  return new ToolError('command_denied', `This is never run: ${reasons.join('; ')}`, {
    hint: instead.join(' ') || 'Do less at a time.',
  });
}
