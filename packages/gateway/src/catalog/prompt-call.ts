import { z } from 'zod';
import type { Link } from '../servers/link.ts';
import type { PromptArgument } from '../servers/prompts.ts';
import type { SupervisedServer } from '../servers/supervised-server.ts';
import { Refusal } from '../policy/policy-call.ts';
import type { KnownTool } from './known-tool.ts';

export const promptInput = z.strictObject({
  name: z.string(),
  arguments: z.record(z.string(), z.string()),
});
type PromptInput = z.output<typeof promptInput>;

const MOST_NAMED = 20;

/** A prompt that a person chose as a call of its server; no name of a tool leads here, so that no model can make it. */
export const promptTool = (server: SupervisedServer): KnownTool => ({
  ...{ name: 'prompts/get', server, isSuspended: false, kind: 'get_prompt' },
  tool: { name: 'prompts/get', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
});

/** @throws Refusal where the server has no such prompt, or the arguments are others than it takes */
export async function refuseMisfit(
  link: Link,
  { name, arguments: given }: PromptInput,
  limits: { readonly signal: AbortSignal; readonly timeout: number },
): Promise<void> {
  const prompts = await link.prompts.list(limits);
  const prompt = prompts.find((one) => one.name === name);
  if (prompt === undefined)
    throw new Refusal(
      'unknown_prompt',
      `No prompt is called ${quoted(name)}. There are: ${named(prompts) || 'none'}.`,
    );
  const isGiven = (one: PromptArgument): boolean => Object.hasOwn(given, one.name);
  const missing = prompt.arguments.filter((one) => one.isRequired && !isGiven(one));
  const known = new Set(prompt.arguments.map((one) => one.name));
  const unknown = Object.keys(given).filter((one) => !known.has(one));
  if (missing.length === 0 && unknown.length === 0) return;
  const problems = [
    ...(missing.length === 0 ? [] : [`needs ${named(missing)}`]),
    ...(unknown.length === 0 ? [] : [`does not take ${unknown.map(quoted).join(', ')}`]),
  ];
  throw new Refusal('invalid_arguments', `The prompt ${quoted(name)} ${problems.join(' and ')}.`);
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));

const named = (all: readonly { readonly name: string }[]): string =>
  [
    ...all.slice(0, MOST_NAMED).map(({ name }) => quoted(name)),
    ...(all.length > MOST_NAMED ? [`${all.length - MOST_NAMED} more`] : []),
  ].join(', ');
