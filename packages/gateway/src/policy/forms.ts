import { createHash } from 'node:crypto';
import type { ElicitRequestParams, ElicitResult } from '@modelcontextprotocol/client';
import type { Answer, Ask, Question } from '../gateway.ts';
import { safePage } from './safe-page.ts';
import { Parked, type KnownCall } from './policy-call.ts';

interface AskedForm {
  readonly params: ElicitRequestParams;
  /** What the call did so far may be done again. */
  readonly isBegun: boolean;
}

const CALLS_KEPT = 100;

/** What servers ask during calls, brought to the person; what was answered already is answered again at once. */
export class Forms {
  readonly #ask: Ask;
  readonly #calls = new Map<string, FormsOfCall>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** @throws Parked when nobody is there to answer */
  async answer(call: KnownCall, { params, isBegun }: AskedForm, signal: AbortSignal): Promise<ElicitResult> {
    const wanted = wantedBy(params);
    if (wanted === null) return { action: 'decline' };
    const isPage = 'page' in wanted;
    const key = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 12);
    const forms = this.#of(call);
    const earlier = forms.again(key) ?? this.#brought(call, forms, { key, isPage });
    if (earlier !== undefined) return forms.keep(key, earlier);
    const question: Question = {
      id: `${call.id}:form:${key}`,
      server: call.known.server.about.name,
      tool: call.known.tool.name,
      input: call.input,
      reason: `The server ${call.known.server.about.name} asks.`,
      form: null,
      ...wanted,
      ...(isBegun && { isBegun }),
    };
    const given = await this.#ask(question, { signal });
    signal.throwIfAborted();
    if (given.kind === 'nobody') {
      forms.parked = key;
      throw new Parked(question);
    }
    return forms.keep(key, resultOf(given, isPage));
  }

  /** The answer that came with the call is to the form that parked it; after a restart, to the first one. */
  #brought(
    { options: { answer } }: KnownCall,
    forms: FormsOfCall,
    { key, isPage }: { readonly key: string; readonly isPage: boolean },
  ): ElicitResult | undefined {
    if (answer === undefined || forms.used === answer || (forms.parked ?? key) !== key) return undefined;
    if (answer.kind !== 'filled' && forms.parked === undefined) return undefined;
    if (answer.kind === 'allow' && !isPage) return undefined;
    forms.used = answer;
    forms.parked = undefined;
    return resultOf(answer, isPage);
  }

  #of(call: KnownCall): FormsOfCall {
    const { id } = call;
    const forms = this.#calls.get(id) ?? new FormsOfCall();
    forms.begin(call);
    this.#calls.set(id, forms);
    const [oldest] = this.#calls.keys();
    if (this.#calls.size > CALLS_KEPT && oldest !== undefined) this.#calls.delete(oldest);
    return forms;
  }
}

class FormsOfCall {
  /** The form that had to wait. */
  parked: string | undefined;
  /** The answer that came with the call, when a form has taken it. */
  used: Answer | undefined;
  #attempt: KnownCall | undefined;
  #before = new Map<string, ElicitResult>();
  #now = new Map<string, ElicitResult>();

  /** The same call made again is asked the same again. */
  begin(attempt: KnownCall): void {
    if (this.#attempt === attempt) return;
    this.#attempt = attempt;
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** An answer of the attempt before, once. */
  again(key: string): ElicitResult | undefined {
    const answer = this.#before.get(key);
    this.#before.delete(key);
    return answer;
  }

  keep(key: string, answer: ElicitResult): ElicitResult {
    this.#now.set(key, answer);
    return answer;
  }
}

/** Null for what no person is to be shown. */
function wantedBy(params: ElicitRequestParams): Pick<Question, 'form'> | Pick<Question, 'page'> | null {
  const { message } = params;
  if (params.mode !== 'url') return { form: { message, schema: params.requestedSchema } };
  const page = safePage(params.url);
  return page && { page: { message, ...page } };
}

/** A plain yes fills in no form, and is all that a page takes. */
function resultOf(answer: Answer, isPage: boolean): ElicitResult {
  if (answer.kind === 'deny') return { action: 'decline' };
  if (isPage) return { action: 'accept' };
  return { action: 'accept', content: answer.kind === 'filled' ? { ...answer.content } : {} };
}
