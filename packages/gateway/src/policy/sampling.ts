/* eslint-disable @typescript-eslint/no-deprecated -- servers ask so in all protocols of today */
import { createHash } from 'node:crypto';
import {
  ProtocolError,
  type CreateMessageRequestParams,
  type CreateMessageResult,
} from '@modelcontextprotocol/client';
import type { Ask, CallOutcome, Question, Sample, SampledMessage, Sampler } from '../gateway.ts';
import { picture } from './guard.ts';
import { questionIdOf } from './permission.ts';
import { Parked, Refusal, textResult, type KnownCall, type Result } from './policy-call.ts';

const NAME = 'sampling/createMessage';
const MOST_TOKENS = 4096;
const MOST_CHARACTERS = 200_000;
/** Of one call of a tool, so that no server goes on for ever at the cost of others. */
const MOST_OF_A_CALL = 5;
/** As the protocol has it for what a person refused. */
const REFUSED = -1;

interface SamplingParts {
  readonly sampler: Sampler | undefined;
  readonly ask: Ask;
  /** The steps of a policy between two rows of the ledger. */
  readonly judged: (call: KnownCall, last: () => Promise<Result>) => Promise<CallOutcome>;
}

/** What servers ask the model during calls: each a call of its own for the policy. */
export class Sampling {
  readonly #parts: SamplingParts;
  readonly #counts = new WeakMap<KnownCall, number>();

  constructor(parts: SamplingParts) {
    this.#parts = parts;
  }

  /** @throws Parked where nobody is there to allow it, ProtocolError where it is refused or fails */
  async answer(
    outer: KnownCall,
    params: CreateMessageRequestParams,
    signal: AbortSignal,
  ): Promise<CreateMessageResult> {
    const { sampler, judged } = this.#parts;
    const request = this.#requestOf(outer, params);
    if (sampler === undefined) throw new ProtocolError(REFUSED, 'There is no model to be asked.');
    const call = callOf(outer, request, signal);
    let answer: Sample | undefined;
    const outcome = await judged(call, async () => {
      answer = await sampler({ server: outer.known.server.about.name, ...request }, { signal });
      if (answer.kind === 'refused') throw new Refusal(answer.code, answer.message);
      if (isShown(call)) await this.#shown(call, answer.text, signal);
      return textResult(answer.text);
    });
    if (outcome.kind === 'parked') throw new Parked(outcome.question);
    if (outcome.isError || answer?.kind !== 'answered')
      throw new ProtocolError(
        REFUSED,
        outcome.content.map((part) => ('text' in part ? part.text : '')).join(' '),
      );
    const { text, model, isCut } = answer;
    const stopReason = isCut ? 'maxTokens' : 'endTurn';
    return { role: 'assistant', content: { type: 'text', text }, model, stopReason };
  }

  #requestOf(outer: KnownCall, params: CreateMessageRequestParams): Omit<Parameters<Sampler>[0], 'server'> {
    const count = (this.#counts.get(outer) ?? 0) + 1;
    this.#counts.set(outer, count);
    if (count > MOST_OF_A_CALL)
      throw new ProtocolError(REFUSED, `One call asks the model ${MOST_OF_A_CALL} times at most.`);
    const { systemPrompt = '', messages, maxTokens, tools } = params;
    if (tools !== undefined) throw new ProtocolError(REFUSED, 'No tools are offered for this.');
    const request = {
      system: systemPrompt,
      messages: messages.map(messageOf),
      maxTokens: Math.max(1, Math.min(MOST_TOKENS, Math.floor(maxTokens))),
    };
    const [first] = request.messages;
    if (first?.role !== 'user') throw new ProtocolError(REFUSED, 'The first message has to be of the user.');
    if (charactersOf(request) > MOST_CHARACTERS)
      throw new ProtocolError(REFUSED, `It asks with more than ${MOST_CHARACTERS} characters.`);
    return request;
  }

  /** Whoever allowed it for once sees what goes back. */
  async #shown(call: KnownCall, text: string, signal: AbortSignal): Promise<void> {
    const { name } = call.known.server.about;
    const question: Question = {
      ...{ id: `${call.id}:answer`, server: name, tool: NAME, input: { answer: text }, form: null },
      reason: `The model answered this to the server ${name}; it goes there if you allow it.`,
    };
    const given = await this.#parts.ask(question, { signal });
    signal.throwIfAborted();
    if (given.kind === 'allow') return;
    throw given.kind === 'nobody'
      ? new Refusal(
          'unseen',
          'Nobody was there to see the answer; allowed for the session it goes back unseen.',
        )
      : new Refusal('denied_by_person', 'The person keeps the answer back.');
  }
}

/** The person allowed it now, and for this once. */
const isShown = ({ decided }: KnownCall): boolean => {
  const by = decided.at(-1);
  return by !== undefined && 'person' in by && by.person === 'once';
};

function callOf(outer: KnownCall, request: object, signal: AbortSignal): KnownCall {
  const { server } = outer.known;
  const input = { ...request };
  const key = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12);
  const id = `${outer.id}:sampling:${key}`;
  const { answer, answered } = outer.options;
  const isMine = answered === questionIdOf({ id });
  return {
    ...{ id, name: NAME, input, decided: [] },
    known: {
      ...{ name: `${server.about.name}:${NAME}`, server, isSuspended: false, kind: 'sample' },
      // it changes nothing but what was spent
      tool: { name: NAME, inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
    },
    options: { signal, ...(isMine && answer !== undefined && { answer, answered }) },
  };
}

function messageOf({ role, content }: CreateMessageRequestParams['messages'][number]): SampledMessage {
  const blocks = Array.isArray(content) ? content : [content];
  return {
    role,
    content: blocks.map((block) => {
      if (block.type === 'text') return { type: 'text', text: block.text };
      const mimeType = block.type === 'image' ? picture.safeParse(block.mimeType) : undefined;
      if (block.type === 'image' && mimeType?.success === true && role === 'user')
        return { type: 'picture', mimeType: mimeType.data, data: block.data };
      throw new ProtocolError(REFUSED, `The model is not asked with ${block.type}.`);
    }),
  };
}

const charactersOf = ({ system, messages }: Pick<Parameters<Sampler>[0], 'system' | 'messages'>): number =>
  system.length +
  messages
    .flatMap(({ content }) => content)
    .reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
