import type { CompleteRequest, CompleteResult, McpServer } from '@modelcontextprotocol/server';
import { current } from '../live.ts';
import type { Suggest } from '../resource.ts';
import type { ServerOptions } from './create-server.ts';

/** The most that one answer of the protocol holds. */
const mostSuggestions = 100;

type Offers = Pick<ServerOptions, 'prompts' | 'resources'>;

/** Whether anything that is offered has suggestions. */
export function hasSuggestions({ prompts = [], resources = [] }: Offers): boolean {
  return [...current(prompts), ...resources].some((offer) => 'suggest' in offer);
}

/** Suggests arguments of prompts and variables of resource templates. */
export function offerCompletions({ server }: McpServer, offers: Offers): void {
  server.setRequestHandler('completion/complete', async ({ params }): Promise<CompleteResult> => {
    const { argument, context } = params;
    const suggests = suggestOf(offers, params.ref) ?? {};
    const suggest = Object.hasOwn(suggests, argument.name) ? suggests[argument.name] : undefined;
    const values = (await suggest?.(argument.value, context?.arguments ?? {})) ?? [];
    return {
      completion: {
        values: values.slice(0, mostSuggestions),
        total: values.length,
        hasMore: values.length > mostSuggestions,
      },
    };
  });
}

function suggestOf(
  { prompts = [], resources = [] }: Offers,
  ref: CompleteRequest['params']['ref'],
): Readonly<Record<string, Suggest>> | undefined {
  if (ref.type === 'ref/prompt') return current(prompts).find(({ name }) => name === ref.name)?.suggest;
  const template = resources.find((one) => 'uriTemplate' in one && one.uriTemplate === ref.uri);
  return template !== undefined && 'suggest' in template ? template.suggest : undefined;
}
