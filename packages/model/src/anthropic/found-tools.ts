import { isDeepStrictEqual } from 'node:util';
import type { Message, Text, ToolDefinition } from '../model.ts';

/**
 * Models that can be shown a tool in the middle of a conversation (`defer_loading` and `tool_reference`): Fable 5, Sonnet
 * and Opus from 4.0, Haiku from 4.5, by the public pages of the service as stored on 2026-11-22; those before 4.5 are left
 * out here. Others call tools through one that stands in.
 */
const LOADING: readonly string[] = [
  ...['claude-fable-5', 'claude-fable-5-1', 'claude-fable-5-2'],
  ...[
    'claude-opus-4-5',
    'claude-opus-4-6',
    'claude-opus-4-7',
    'claude-opus-4-8',
    'claude-opus-5',
    'claude-opus-5-5',
  ],
  ...['claude-sonnet-4-5', 'claude-sonnet-4-6', 'claude-sonnet-5', 'claude-sonnet-5-5'],
  ...['claude-haiku-4-5', 'claude-haiku-5-5'],
];

export const loadsTools = (model: string): boolean => LOADING.includes(model.replace(/-\d{8}$/u, ''));

/** By their names, in the order in which they were found. */
export type FoundTools = ReadonlyMap<string, ToolDefinition>;

export const NONE: FoundTools = new Map();

/** What results brought: each tool as it was when it was found first, so that what was said stays the same. */
export function foundIn(messages: readonly Message[], tools: readonly ToolDefinition[]): FoundTools {
  const found = new Map<string, ToolDefinition>();
  for (const { tool } of messages.flatMap(textsOfResults))
    if (tool !== undefined && !found.has(tool.name) && !tools.some(({ name }) => name === tool.name))
      found.set(tool.name, tool);
  return found;
}

/** Whether the words can be left out for the tool that they tell of; of one that is another now they cannot. */
export const refersTo = ({ tool }: Text, found: FoundTools): boolean =>
  tool !== undefined && isDeepStrictEqual(found.get(tool.name), tool);

const textsOfResults = ({ role, content }: Message): readonly Text[] =>
  role === 'assistant'
    ? []
    : content
        .flatMap((part) => (part.type === 'result' ? part.content : []))
        .flatMap((part) => (part.type === 'text' ? [part] : []));
