import type { Message, ToolResult, TurnPart } from '@deskhand/model';
import type { SessionEvent, Started } from './event.ts';
import { textOf } from './plain.ts';
import { sizeOf, sizeOfUsage } from './size.ts';
import type { OpenCall, State } from './state.ts';

type Of<K extends SessionEvent['kind']> = Extract<SessionEvent, { kind: K }>;

/** The tool of the host itself whose last input is kept word by word. */
export const PLAN_TOOL = 'deskhand__plan';

/** What a server is counted under that asks the model. */
const SAMPLING = 'sampling/createMessage';

export const INTERRUPTED =
  'Interrupted: this call was started and its end is not known. It may or may not have happened. Look before you do it again.';

/** What ends a call when the person at the desktop pressed the key that stops everything. */
export const STOPPED_AT_DESKTOP = 'aborted_by_person';

const BEGUN_TWICE =
  '[This call was begun twice, as the person answered later. What it does before it asks may have happened twice.]';

const NOT_MADE = 'Not made: your answer was cut at the limit of tokens. Say it again, in smaller steps.';
const AFTER_STOPPED =
  'Not made: a call before it was stopped. Look first, then make it if it is still right.';
const GO_ON = 'Go on.';
const REFUSED = 'The model refused to go on. Say it in other words.';

/** The session as its first event leaves it. */
const begin = (head: Started): State => ({
  ...{ head, model: head.model, limits: head.limits },
  ...{ messages: [], open: [], pending: [], isDue: false, asked: null, parked: null, failure: null },
  ...{ cuts: 0, spent: { turns: [], unsettled: 0 }, ids: new Set(), cleared: 0 },
  size: Math.ceil((head.system.length + JSON.stringify(head.tools).length) / 4),
  pinned: { words: [], decisions: [], plan: null },
});

/** The session after one more event. */
export function reduce(state: State, event: SessionEvent): State {
  switch (event.kind) {
    case 'started':
      return begin(event);
    case 'said':
      return said(state, event);
    case 'noted':
      return pend(state, [{ type: 'text', text: event.text }]);
    case 'asked':
      return asked(state, event);
    case 'answered':
      return answered(state, event);
    case 'sampled':
      return sampled(state, event);
    case 'failed':
      return failed(state, event);
    case 'call-started':
      return changeCall(state, event.id, { phase: 'started' });
    case 'call-ended':
      return callEnded(state, event);
    case 'asked-person':
      return askedPerson(state, event);
    case 'person-answered':
      return personAnswered(state, event);
    case 'parked':
      return { ...state, parked: { why: event.why, message: event.message } };
    case 'resumed':
      return resumed(state, event);
    case 'cleared':
      return cleared(state, event);
    case 'compacted':
      return compacted(state, event);
    case 'forked':
      return { ...state, spent: { turns: [], unsettled: 0 } };
    case 'rewound':
      return state; // replay takes it into account
  }
}

/**
 * The session after all its events.
 *
 * @throws Error where the first event is not its start
 */
export function replay(events: readonly SessionEvent[]): State {
  const [first] = events;
  if (first?.kind !== 'started') throw new Error('the first event is not the start of a session');
  let kept: SessionEvent[] = [];
  let state = begin(first);
  for (const event of events) {
    if (event.kind === 'rewound') {
      kept = kept.filter(({ seq }) => seq <= event.to);
      state = rewind(state, kept);
    } else {
      kept.push(event);
      state = reduce(state, event);
    }
  }
  return state;
}

/** As it was after the events, but for what cannot be undone. */
function rewind(state: State, kept: readonly SessionEvent[]): State {
  const { asked, spent, ids, limits, model } = state;
  const unsettled = spent.unsettled + (asked?.most ?? 0);
  return { ...replay(kept), ids, limits, model, asked: null, spent: { ...spent, unsettled } };
}

const pend = (state: State, content: State['pending']): State => ({
  ...state,
  pending: [...state.pending, ...content],
  size: state.size + sizeOf(content),
});

function said(state: State, { content }: Of<'said'>): State {
  const { pinned } = state;
  const words = [...pinned.words, textOf(content)];
  return { ...pend(state, content), isDue: true, pinned: { ...pinned, words } };
}

/** What the next request has to say after the messages before: results first, then words. */
export function nextMessages({ messages, open, pending }: State): readonly Message[] {
  const results = open.map(({ call, result }): ToolResult => result ?? failedResult(call.id, INTERRUPTED));
  const content = [...results, ...pending];
  return content.length === 0 ? messages : [...messages, { role: 'user', content }];
}

const failedResult = (id: string, text: string): ToolResult => ({
  ...{ type: 'result', id, isError: true },
  content: [{ type: 'text', text }],
});

function asked(state: State, { at, most, for: purpose }: Of<'asked'>): State {
  const unsettled = state.spent.unsettled + (state.asked?.most ?? 0);
  const next = { ...state, asked: { at, most }, spent: { ...state.spent, unsettled } };
  return purpose !== 'turn' ? next : { ...next, messages: nextMessages(state), open: [], pending: [] };
}

function answered(state: State, { at, model, content, usage, stop }: Of<'answered'>): State {
  const parts = stop === 'refused' ? [] : content.filter(isSaid);
  const open = parts.flatMap((part) => (part.type === 'call' ? [opened(state, part, stop === 'cut')] : []));
  const goesOn = (stop === 'cut' || stop === 'paused') && open.length === 0;
  const tools = open.map(({ call }) => call.name);
  const turns = [...state.spent.turns, { at: state.asked?.at ?? at, model, usage, tools }];
  const plan = parts.findLast((part) => part.type === 'call' && part.name === PLAN_TOOL);
  return {
    ...state,
    messages:
      parts.length === 0 ? state.messages : [...state.messages, { role: 'assistant', content: parts }],
    ...{ open, asked: null, failure: null, spent: { ...state.spent, turns } },
    isDue: open.length > 0 || goesOn,
    pending: goesOn ? [...state.pending, { type: 'text', text: GO_ON }] : state.pending,
    parked: stop === 'refused' ? { why: 'refused', message: REFUSED } : null,
    cuts: stop === 'cut' || stop === 'paused' ? state.cuts + 1 : 0,
    ids: new Set([...state.ids, ...open.map(({ call }) => call.id)]),
    size: sizeOfUsage(usage) === 0 ? state.size + sizeOf(content) : sizeOfUsage(usage),
    pinned: plan?.type === 'call' ? { ...state.pinned, plan: plan.input } : state.pinned,
  };
}

const isSaid = (part: TurnPart): boolean => part.type !== 'text' || part.text.trim() !== '';

function opened({ head }: State, call: OpenCall['call'], isCut: boolean): OpenCall {
  const isReadOnly = head.tools.some((tool) => tool.name === call.name && tool.isReadOnly);
  const fresh = { call, isReadOnly, question: null, begun: null, answer: null, answers: {} };
  return isCut
    ? { ...fresh, phase: 'ended', result: failedResult(call.id, NOT_MADE) }
    : { ...fresh, phase: 'waiting', result: null };
}

function askedPerson(state: State, { id, question }: Of<'asked-person'>): State {
  const begun = question.isBegun ? ({ begun: 'once' } as const) : {};
  return changeCall(state, id, { phase: 'waiting', question, ...begun });
}

/** Paid for like any answer; nothing of it is said in the session but by the server. */
function sampled(state: State, { at, model, usage, isFree }: Of<'sampled'>): State {
  const { asked, spent } = state;
  const settled = { ...state, asked: null };
  if (usage !== null) {
    const turn = { at: asked?.at ?? at, model, usage, tools: [SAMPLING] };
    return { ...settled, spent: { ...spent, turns: [...spent.turns, turn] } };
  }
  const unsettled = spent.unsettled + (isFree ? 0 : (asked?.most ?? 0));
  return { ...settled, spent: { ...spent, unsettled } };
}

/** Who goes on may answer anew what was asked. */
function resumed(state: State, { limits, model }: Of<'resumed'>): State {
  const open = state.open.map((one) => ({ ...one, question: null, begun: one.begun && ('twice' as const) }));
  return { ...state, open, parked: null, failure: null, cuts: 0, limits, model };
}

function failed(state: State, { code, message, hint, wait, isFree }: Of<'failed'>): State {
  const unsettled = state.spent.unsettled + (isFree ? 0 : (state.asked?.most ?? 0));
  const failure = { code, message, hint, wait, count: (state.failure?.count ?? 0) + 1 };
  return { ...state, asked: null, failure, isDue: true, spent: { ...state.spent, unsettled } };
}

const changeCall = (state: State, id: string, change: Partial<OpenCall>): State => ({
  ...state,
  open: state.open.map((one) => (one.call.id === id && one.phase !== 'ended' ? { ...one, ...change } : one)),
});

function callEnded(state: State, { id, content: said, isError, decision, code }: Of<'call-ended'>): State {
  const isTwice = state.open.some(({ call, begun }) => call.id === id && begun === 'twice');
  const content = isTwice ? [...said, { type: 'text' as const, text: BEGUN_TWICE }] : said;
  const result: ToolResult = { type: 'result', id, content, isError };
  const changed = changeCall(state, id, { phase: 'ended', result, question: null });
  const isUnsure =
    decision === 'interrupted' && changed.open.some(({ call, isReadOnly }) => call.id === id && !isReadOnly);
  const open = isUnsure || code === STOPPED_AT_DESKTOP ? changed.open.map(notMade) : changed.open;
  return { ...changed, open, size: state.size + sizeOf(content) };
}

/** What was to follow a call that a person stopped, or of which nobody knows whether it happened, is for the model to think over. */
const notMade = (one: OpenCall): OpenCall =>
  one.phase === 'waiting'
    ? { ...one, phase: 'ended', question: null, result: failedResult(one.call.id, AFTER_STOPPED) }
    : one;

function personAnswered(state: State, { id, answer }: Of<'person-answered'>): State {
  const one = state.open.find(({ call }) => call.id === id);
  const question = one?.question;
  const answers = question == null ? {} : { ...one?.answers, [question.id]: answer };
  const changed = changeCall(state, id, { answer, answers, question: null });
  const how = decisionIn(answer);
  if (question == null || how === null) return changed;
  const decision = `${how}: ${question.server}, ${question.tool}, ${JSON.stringify(question.input).slice(0, 300)}`;
  return { ...changed, pinned: { ...state.pinned, decisions: [...state.pinned.decisions, decision] } };
}

/** Null where a form was filled in with something else than a decision, which may be private. */
function decisionIn(answer: Of<'person-answered'>['answer']): string | null {
  if (answer.kind === 'deny') return 'refused';
  if (answer.kind === 'allow') return `allowed (${answer.scope})`;
  const { decision } = answer.content;
  return typeof decision === 'string' ? `decided (${decision})` : null;
}

function cleared(state: State, { before }: Of<'cleared'>): State {
  const shrink = (message: Message): Message =>
    message.role === 'assistant' ? message : { ...message, content: message.content.map(clear) };
  const messages = state.messages.map((message, at) => (at < before ? shrink(message) : message));
  const saved = sizeOfAll(state.messages) - sizeOfAll(messages);
  return { ...state, messages, cleared: Math.max(before, state.cleared), size: state.size - saved };
}

const sizeOfAll = (messages: readonly Message[]): number =>
  messages.reduce((sum, { content }) => sum + sizeOf(content), 0);

const CLEARED = '[Old output, no longer kept here. Call the tool again if it is needed.]';

function clear<P extends Message['content'][number]>(part: P): P | ToolResult {
  if (part.type !== 'result' || sizeOf(part.content) <= CLEARED.length / 4) return part;
  // what was found is called later
  if (part.content.some((one) => one.type === 'text' && one.tool !== undefined)) return part;
  return { ...part, content: [{ type: 'text', text: CLEARED }] };
}

function compacted(state: State, { at, upTo, text, usage }: Of<'compacted'>): State {
  const kept = state.messages.slice(upTo).map((message) => withoutThinking(message));
  const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text }] }, ...kept];
  const saved = sizeOfAll(state.messages) - sizeOfAll(messages);
  const turns = [...state.spent.turns, { at: state.asked?.at ?? at, model: state.model, usage, tools: [] }];
  return {
    ...state,
    ...{ messages, asked: null, cleared: 0, spent: { ...state.spent, turns } },
    size: Math.max(0, state.size - saved),
  };
}

/** The service binds thinking to how the conversation began. */
function withoutThinking(message: Message): Message {
  if (message.role === 'user') return message;
  const content = message.content.filter(({ type }) => type !== 'thinking');
  return content.length > 0
    ? { ...message, content }
    : { ...message, content: [{ type: 'text', text: '(thought)' }] };
}
