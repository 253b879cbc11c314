import type { Sample, SampleRequest, Sampler } from '@deskhand/gateway';
import { ModelError, type Model } from '@deskhand/model';
import { textOf } from '../log/plain.ts';
import { sizeOf } from '../log/size.ts';
import { abortable } from './abortable.ts';
import { isFree, openAccount, type AccountParts } from './accounts.ts';

export interface SamplerParts extends AccountParts {
  readonly model: Model;
}

/** Asks the model for servers, one after the other, at the cost of the session that runs then. */
export function samplerOf(running: () => SamplerParts | null): Sampler {
  let before: Promise<unknown> = Promise.resolve();
  return (request, { signal }) => {
    const sampled = before.then(async () => {
      const parts = running();
      if (parts === null) return refused('no_session', 'No session runs that would pay for it.');
      return sample(request, parts, signal);
    });
    before = sampled.catch(() => undefined); // the one who asked hears of it
    return sampled;
  };
}

async function sample(request: SampleRequest, parts: SamplerParts, signal: AbortSignal): Promise<Sample> {
  const { session, model } = parts;
  const { limits, spent } = session.state;
  if (limits.turns !== null && spent.turns.length >= limits.turns)
    return refused('no_turns', `The limit of ${limits.turns} turns is reached.`);
  const { system, messages, maxTokens, server } = request;
  const prompt = Math.ceil(system.length / 4) + sizeOf(messages.flatMap(({ content }) => content));
  const account = await openAccount('sampling', parts, { prompt, answer: maxTokens });
  if (typeof account === 'string') return refused('no_budget', account);
  const about = { kind: 'sampled', server, model: model.name } as const;
  try {
    const asked = { system, tools: [], messages: messages.map(messageOf), maxTokens: account.maxTokens };
    const turn = await abortable(model.respond(asked, { signal }), signal);
    account.settle({ kind: 'answered', turn });
    session.append({ ...about, usage: turn.usage, isFree: false });
    if (turn.stop === 'refused') return refused('model_refused', 'The model refused to answer.');
    const text = textOf(turn.content);
    return { kind: 'answered', text, model: model.name, isCut: turn.stop === 'cut' };
  } catch (error) {
    const isSpared = error instanceof ModelError && !signal.aborted && isFree(error);
    account.settle(
      error instanceof ModelError && !signal.aborted
        ? { kind: 'failed', code: error.code, isFree: isSpared }
        : { kind: 'cancelled' },
    );
    session.append({ ...about, usage: null, isFree: isSpared });
    if (error instanceof ModelError && !signal.aborted) return refused('model_failed', error.message);
    throw error;
  }
}

type Asked = Parameters<Model['respond']>[0]['messages'][number];

/** A model is shown pictures by its user only. */
function messageOf({ role, content }: SampleRequest['messages'][number]): Asked {
  if (role === 'user') return { role, content };
  return { role, content: content.flatMap((part) => (part.type === 'text' ? [part] : [])) };
}

const refused = (code: string, message: string): Sample => ({ kind: 'refused', code, message });
