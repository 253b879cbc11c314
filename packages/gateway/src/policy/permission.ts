import {
  ANY_SUBJECT,
  decide,
  GrantsError,
  type GrantOf,
  type GrantStore,
  type RuleVerdict,
} from '@deskhand/grants';
import type { Answer, Ask, Mode, Question } from '../gateway.ts';
import { isReadOnly } from '../catalog/known-tool.ts';
import { digestOf, type Pins } from '../pins/pins.ts';
import { Parked, Refusal, type DecidedBy, type KnownCall, type Step } from './policy-call.ts';

export interface PermissionOptions {
  readonly ask: Ask;
  readonly mode: Mode;
  readonly grants: GrantStore;
  readonly pins: Pins;
  readonly session: string;
  /** A person agreed to a definition. */
  readonly onAgreed: () => void;
}

/** Lets through what was allowed, and asks about the rest: a denial beats everything, a mode beats an allowance. */
export function permitted(options: PermissionOptions): Step {
  const allowedOnce = new AllowedOnce();
  return async (call, next) => {
    const verdict = verdictOf(call, options);
    const { isSuspended } = call.known;
    if (verdict.decision === 'deny') throw deniedBefore(call, verdict.by);
    if (options.mode === 'plan' && !isReadOnly(call.known)) throw onlyPlanned(call);
    if (isSuspended && options.mode === 'bypass') throw changed(call);
    const by = verdict.decision === 'allow' ? grantOf(verdict.by) : freeBy(call, options.mode);
    if (by !== null) call.decided.push(by);
    if (isSuspended || (by === null && !allowedOnce.has(call))) {
      await agreed(call, options);
      allowedOnce.add(call);
    } else if (by === null) call.decided.push({ person: 'once' });
    return next();
  };
}

function deniedBefore(call: KnownCall, by: GrantOf<'tool'>): Refusal {
  call.decided.push(grantOf(by));
  return new Refusal(
    'denied_by_grant',
    `${call.known.name} was denied before. A person can see that with: deskhand grants list`,
  );
}

function onlyPlanned(call: KnownCall): Refusal {
  call.decided.push({ mode: 'plan' });
  return new Refusal(
    'plan_mode',
    `${call.known.name} may have effects, and this session only plans. Say in the plan that you would call it.`,
  );
}

const grantOf = ({ id, scope }: GrantOf<'tool'>): DecidedBy => ({ grant: id, scope });

function verdictOf(
  { known }: KnownCall,
  { grants, session }: PermissionOptions,
): RuleVerdict<GrantOf<'tool'>> {
  try {
    const rules = grants.list({ subject: session, kinds: ['tool'] });
    return decide(rules, { kind: 'tool', server: known.server.about.name, name: known.tool.name });
  } catch (error) {
    if (!(error instanceof GrantsError)) throw error;
    throw new Refusal(
      'grants_unusable',
      `What was allowed cannot be read, so nothing is: ${error.message}. ${error.hint}`,
    );
  }
}

/** Our own servers ask by themselves at the effect, but for edits: the mode `ask` asks about those. */
function freeBy({ known: { server, tool, kind } }: KnownCall, mode: Mode): DecidedBy | null {
  if (mode === 'bypass') return { mode };
  // a person chose it, and no model can
  if (kind === 'get_prompt') return { person: 'once' };
  // of names, as the list of its tools is
  if (kind === 'list_resources') return { rule: 'list' };
  if (kind === 'sample') return null;
  const { isOwn, edits = [] } = server.about;
  if (!isOwn) return null;
  if (!edits.includes(tool.name)) return { rule: 'own server' };
  return mode === 'accept-edits' ? { mode } : null;
}

/** @throws Refusal or Parked unless the person allows it */
async function agreed(call: KnownCall, options: PermissionOptions): Promise<void> {
  const { known } = call;
  const answer = await answerTo(call, options);
  call.decided.push({ person: answer.kind === 'allow' ? answer.scope : 'no' });
  if (answer.kind !== 'allow') {
    if (known.isSuspended) throw changed(call);
    const reason = answer.kind === 'deny' ? answer.reason : undefined;
    throw new Refusal(
      'denied_by_person',
      `The person said no to ${known.name}${reason === undefined ? '' : `: ${reason}`}. Do not try the same again.`,
    );
  }
  if (known.isSuspended) {
    options.pins.agree(known.server.about.name, known.tool);
    options.onAgreed();
  }
  if (answer.scope === 'once') return;
  await options.grants.add({
    subject: answer.scope === 'always' ? ANY_SUBJECT : options.session,
    resource: { kind: 'tool', server: known.server.about.name, name: known.tool.name },
    decision: 'allow',
    scope: answer.scope,
    origin: 'person',
  });
}

async function answerTo(call: KnownCall, { ask }: PermissionOptions): Promise<Answer> {
  const { answer, answered, signal } = call.options;
  const id = call.known.isSuspended ? changeIdOf(call) : questionIdOf(call);
  if (answer !== undefined && answer.kind !== 'filled' && (answered ?? id) === id) return answer;
  const question: Question = {
    id,
    server: call.known.server.about.name,
    tool: call.known.tool.name,
    input: call.input,
    reason: reasonFor(call),
    form: null,
  };
  const given = await ask(question, { signal });
  signal.throwIfAborted();
  if (given.kind === 'nobody') throw new Parked(question);
  return given;
}

/** Of the question whether a call may be made. */
export const questionIdOf = ({ id }: Pick<KnownCall, 'id'>): string => `${id}:call`;

/** A yes to a tool as it was, or as it was changed before, is none to this one. */
const changeIdOf = ({ id, known }: KnownCall): string => `${id}:changed:${digestOf(known.tool).slice(0, 12)}`;

function reasonFor({ known }: KnownCall): string {
  if (known.isSuspended)
    return `The server changed this tool since you agreed to it. It says now: ${JSON.stringify((known.tool.description ?? '').slice(0, 500))}`;
  if (known.kind === 'sample')
    return 'It asks the model, at the cost of this session. For once you see the answer before it goes back; for the session or always it goes back unseen.';
  if (known.kind === 'read_resource') return 'It reads a resource of a server that others wrote.';
  return known.server.about.isOwn ? 'It changes a file.' : 'It is a tool of a server that others wrote.';
}

const changed = ({ known }: KnownCall): Refusal =>
  new Refusal(
    'tool_changed',
    `The server changed ${known.name} since the person agreed to it, and they did not agree to it anew. Do without it.`,
  );

/** Calls that were allowed once and may come again, because something else in them had to wait for a person. */
class AllowedOnce {
  readonly #inputs = new Map<string, string>();

  has(call: KnownCall): boolean {
    return this.#inputs.get(call.id) === keyOf(call);
  }

  add(call: KnownCall): void {
    this.#inputs.set(call.id, keyOf(call));
    const [oldest] = this.#inputs.keys();
    if (this.#inputs.size > 100 && oldest !== undefined) this.#inputs.delete(oldest);
  }
}

const keyOf = ({ known, input }: KnownCall): string => JSON.stringify([known.name, input]);
