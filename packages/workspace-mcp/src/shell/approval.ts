import {
  commandRuleSchema,
  decide,
  isShowable,
  type CommandRequest,
  type GrantStore,
} from '@deskhand/grants';
import { ANSWER_MS, askPerson, ToolError, type Asking, type CallContext } from '@deskhand/server-runtime';
import { posix } from 'node:path';
import type { Going, Verdict, Words } from '../guard/verdict.ts';
import { ruledOut } from '../permissions/file-access.ts';
import { CommandGrants } from './command-grants.ts';
import { Judging } from './judging.ts';
import { decisionOf, type CommandRule } from './rules.ts';
import type { LiveState } from './session-shell.ts';
import type { Loss, World } from './world.ts';

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
  readonly world: Pick<World, 'findings' | 'script' | 'isFreed' | 'ruled' | 'open' | 'onComputer' | 'losses'>;
}

interface Matters {
  readonly reasons: readonly string[];
  readonly losses: readonly Loss[];
  readonly call: CallContext;
}

/** Words as they are, so that a rule of them is the command itself. */
const PLAIN = /^[\w./:@=+,-]+(?: [\w./:@=+,-]+)*$/;
const MOST_SHOWN = 5;

/** Decides about commands before they run, and asks the person where it is theirs to decide. */
export class Approval {
  readonly #parts: ApprovalParts;
  readonly #judging = new Judging();
  readonly #given: CommandGrants;

  constructor(parts: ApprovalParts) {
    this.#parts = parts;
    this.#given = new CommandGrants(parts);
  }

  /**
   * Returns what was found about the command when it may run.
   *
   * @throws ToolError when it may not
   */
  async admit(intent: Intent, call: CallContext): Promise<Verdict> {
    const verdict = await this.#judging.verdict(intent);
    const reasons = this.#reasons(intent, verdict);
    const ruled = intent.world.ruled(verdict.touches);
    for (const said of ruled) if (said.decision === 'deny') throw ruledOut(said, said.touch.path);
    if (!this.#given.isGiven(intent.command, intent.state.cwd))
      reasons.push(
        ...ruled.map(
          ({ text, touch }) => `a rule wants a person asked, ${text}: ${posix.basename(touch.path)}`,
        ),
      );
    const losses = this.#given.losses(await intent.world.losses(verdict));
    if (losses.length > 0) reasons.push('no checkpoint holds what it deletes');
    call.note({ command: verdict.decision, reasons });
    if (reasons.length > 0)
      await this.#ask(intent, verdict, { reasons: [...new Set(reasons)], losses, call });
    for (const said of ruled) await intent.world.open(said);
    return verdict;
  }

  /**
   * Asks about deleting what turned out not to be held, unless the person gave that.
   *
   * @throws ToolError
   */
  async admitLosses(
    intent: Intent,
    { verdict, losses: all }: { readonly verdict: Verdict; readonly losses: readonly Loss[] },
    call: CallContext,
  ): Promise<void> {
    const losses = this.#given.losses(all);
    const reasons = ['no checkpoint holds what it deletes'];
    if (losses.length > 0) await this.#ask(intent, verdict, { reasons, losses, call });
  }

  /** Why a person has to be asked; none when the command may run. */
  #reasons({ command, state, world }: Intent, verdict: Verdict): string[] {
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
    if (script === 'allow' || this.#given.isGiven(command, state.cwd)) return [];
    const ruled = verdict.commands.filter((words) => said(words).includes('ask'));
    const isAllowed = (words: Words): boolean => !ruled.includes(words) && said(words).includes('allow');
    const reasons = ruled.map((words) => `a rule wants a person asked about ${shown(words)}`);
    if (approve !== 'never-in-sandbox') {
      const isGiven = ({ path }: Going): boolean =>
        this.#given.deletion(world.onComputer(path) ?? posix.sep) === 'allow';
      const left = verdict.asks.filter(
        ({ within, goes }) => !within.some(isAllowed) && !(goes.length > 0 && goes.every(isGiven)),
      );
      reasons.push(...left.map(({ reason }) => reason));
    }
    const isAllAllowed = verdict.commands.length > 0 && verdict.commands.every(isAllowed);
    if (approve === 'always' && reasons.length === 0 && !isAllAllowed)
      reasons.push('every command is asked about');
    return reasons;
  }

  async #ask(intent: Intent, verdict: Verdict, matters: Matters): Promise<void> {
    const { reasons, call } = matters;
    const { asking } = this.#parts;
    const why = `This needs a person's word, since ${reasons.join('; ')}`;
    if (!isShowable(intent.command)) {
      throw new ToolError('too_long_to_ask', `${why}; and it is too long for them to be shown whole`, {
        hint: 'Run it in parts, the risky ones by themselves.',
      });
    }
    const request = await this.#request(intent, verdict, matters);
    const outcome = await askPerson(request, asking, call);
    call.note({ asked: 'command', outcome: outcome.outcome });
    if (outcome.outcome === 'denied') {
      throw new ToolError(outcome.code, `${why}, but ${outcome.message}`, { hint: outcome.hint });
    }
    const [decision] = outcome.decisions;
    if (decision?.decision !== 'allow') {
      throw new ToolError('denied_by_person', `The person said no to this command: ${reasons.join('; ')}`, {
        hint: 'Do not try it in another way unless they tell you to; work without it.',
      });
    }
    if (decision.scope !== 'once') await this.#given.keep(request, decision.scope);
  }

  async #request(intent: Intent, verdict: Verdict, { reasons, losses }: Matters): Promise<CommandRequest> {
    const { command, state, reason, world } = intent;
    const isPlain = PLAIN.test(command) && commandRuleSchema.safeParse(command).success;
    const findings = [...(await world.findings(verdict)), ...losses.slice(0, MOST_SHOWN).map(lossText)];
    const more = losses.length - MOST_SHOWN;
    if (more > 0) findings.push(['No checkpoint holds', `${more} more`]);
    const allowed =
      losses.length > 0 ? { deletes: losses.map(({ path }) => path) } : isPlain ? { rule: command } : {};
    return {
      kind: 'command',
      command: { command, cwd: state.cwd, reasons, findings, ...allowed },
      ...{ reason, mayAlways: true, timeoutMs: ANSWER_MS, grantsFile: this.#parts.grants.file },
    };
  }
}

const lossText = ({ path, why, size }: Loss): readonly [string, string] => [
  'No checkpoint holds',
  `${path}, ${size}: ${why}`,
];

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
