import { z } from 'zod';
import {
  wireRoots,
  wireSample,
  type ClientCapability,
  type Question,
  type RootsAnswer,
  type RootsRequest,
  type SampleAnswer,
  type SampleRequest,
  type Unavailable,
} from '../client-request.ts';
import { sha256 } from '../digest.ts';
import { wireAnswer, type ElicitAnswer, type ElicitRequest, type WireAnswer } from '../elicit.ts';
import type { AnsweredCall } from './call.ts';
import { QuestionSignal } from './map-errors.ts';

/** What the tool's questions meet: the person, or `--approvals decline`. */
export type Approvals = 'ask' | 'decline';

/** The questions of one run of a call. */
export class Questions {
  readonly #call: AnsweredCall;
  readonly #approvals: Approvals;
  readonly #asked: { question: Question; questionSha256: string }[] = [];
  #clash: TypeError | undefined;

  constructor(call: AnsweredCall, approvals: Approvals) {
    this.#call = call;
    this.#approvals = approvals;
  }

  /** What ends this run, if it asked something that has no answer yet: the questions, or a bug in them. */
  get ending(): Error | undefined {
    if (this.#asked.length === 0) return undefined;
    return this.#clash ?? new QuestionSignal({ asked: this.#asked, answers: this.#call.answers });
  }

  async elicit<S extends z.ZodObject>(request: ElicitRequest<S>): Promise<ElicitAnswer<z.output<S>>> {
    const declined: WireAnswer = { action: 'decline' };
    const answer =
      this.#approvals === 'decline' ? declined : await this.#ask({ kind: 'elicit', ...request }, wireAnswer);
    return this.#noted(request.key, checked(request, answer));
  }

  async sample(request: SampleRequest): Promise<SampleAnswer> {
    return this.#noted(request.key, await this.#ask({ kind: 'sample', ...request }, wireSample));
  }

  async roots(request: RootsRequest): Promise<RootsAnswer> {
    return this.#noted(request.key, await this.#ask({ kind: 'roots', ...request }, wireRoots));
  }

  #noted<A extends { readonly action: string }>(asked: string, answer: A): A {
    const reason = 'reason' in answer ? { reason: answer.reason } : {};
    this.#call.note({ asked, action: answer.action, ...reason });
    return answer;
  }

  async #ask<A>(question: Question, wire: z.ZodType<A>): Promise<A | Unavailable> {
    const { signal, answers, channel, offTheClock } = this.#call;
    const { asking } = channel;
    if (!channel.can(needed[question.kind])) return { action: 'unavailable', reason: 'no_capability' };
    if (asking.kind === 'direct') {
      const answer = wire.safeParse(await offTheClock(() => asking.ask(question, signal)));
      return answer.success ? answer.data : { action: 'unavailable', reason: 'invalid_answer' };
    }
    asking.checkQuestion(question);
    const questionSha256 = digest(question);
    const answer = wire.safeParse(answers.get(questionSha256));
    if (answer.success) return answer.data;
    if (this.#asked.some(({ question: { key } }) => key === question.key)) {
      this.#clash = new TypeError(`two questions have the key "${question.key}"`);
    }
    this.#asked.push({ question, questionSha256 });
    throw new QuestionSignal({ asked: this.#asked, answers });
  }
}

const needed = {
  elicit: 'elicitation',
  sample: 'sampling',
  roots: 'roots',
} as const satisfies Record<Question['kind'], ClientCapability>;

/** Binds an answer to the words it answered: the same key with another message is another question. */
function digest(question: Question): string {
  const { key, kind } = question;
  if (kind === 'elicit') {
    return sha256({ key, message: question.message, schema: z.toJSONSchema(question.schema) });
  }
  if (kind === 'roots') return sha256({ key, kind });
  const { messages, maxTokens, systemPrompt } = question;
  return sha256({ key, kind, messages, maxTokens, systemPrompt });
}

function checked<S extends z.ZodObject>(
  request: ElicitRequest<S>,
  answer: WireAnswer,
): ElicitAnswer<z.output<S>> {
  if (answer.action !== 'accept') return answer;
  const content = request.schema.safeParse(answer.content);
  return content.success
    ? { action: 'accept', content: content.data }
    : { action: 'unavailable', reason: 'invalid_answer' };
}
