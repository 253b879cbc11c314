import type Anthropic from '@anthropic-ai/sdk';
import type { Message, ModelRequest, Picture, Text, ToolDefinition, ToolResult, TurnPart } from '../model.ts';
import { foundIn, loadsTools, NONE, refersTo, type FoundTools } from './found-tools.ts';

const MARK = { cache_control: { type: 'ephemeral' } } as const;

/** What the service is sent, without what only one kind of call has. */
export type Prompt = Pick<Anthropic.MessageCreateParams, 'model' | 'system' | 'tools' | 'messages'>;

/** A request in the words of the service, marked where its cache may keep it. */
export function promptOf({ system, tools, messages }: ModelRequest, model: string): Prompt {
  const shown = loadsTools(model) ? foundIn(messages, tools) : NONE;
  const first = loadsTools(model) ? tools.filter(({ standsIn }) => standsIn !== true) : tools;
  const later = [...shown.values()].map((tool) => ({ ...toolOf(tool), defer_loading: true }));
  return {
    model,
    // tools stand before the system, so that one mark is enough for both; those put off are not part of what is kept
    ...(system === '' ? {} : { system: [{ type: 'text', text: system, ...MARK }] }),
    ...(tools.length === 0 ? {} : { tools: [...first.map(toolOf), ...later] }),
    messages: messagesOf(messages, { model, shown }),
  };
}

const toolOf = ({ name, description, inputSchema }: ToolDefinition): Anthropic.Tool => ({
  ...{ name, description },
  input_schema: { ...inputSchema, type: 'object' },
});

interface Audience {
  readonly model: string;
  /** What it can be referred to. */
  readonly shown: FoundTools;
}

/** Marked at the end of the last two messages of the user: what the turn before wrote is read, the next one reads this. */
function messagesOf(messages: readonly Message[], to: Audience): Anthropic.MessageParam[] {
  const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2);
  return messages.map((message, index) => {
    if (message.role === 'assistant')
      return {
        role: 'assistant',
        content: message.content.filter(isSaid).flatMap((part) => partOf(part, to.model)),
      };
    const said = saidOf(message.content.filter(isSaid), to.shown);
    const content = said.map((part, at) =>
      ends.includes(index) && at === said.length - 1 ? { ...part, ...MARK } : part,
    );
    return { role: 'user', content };
  });
}

/** The service refuses texts without a character. */
const isSaid = (part: { readonly type: string; readonly text?: string }): boolean =>
  part.type !== 'text' || part.text !== '';

type SaidParam = Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.ToolResultBlockParam;

/** Results first; what one says beside the tools that it brings comes after all of them, as they stand alone there. */
function saidOf(parts: readonly (Text | Picture | ToolResult)[], shown: FoundTools): readonly SaidParam[] {
  const results = parts.flatMap((part) => (part.type === 'result' ? [part] : []));
  const others = parts.flatMap((part) => (part.type === 'result' ? [] : [part]));
  return [
    ...results.map((result) => resultOf(result, shown)),
    ...[...results.flatMap((result) => besideTools(result, shown)), ...others].map(shownOf),
  ];
}

/** Fenced, as it no longer stands in the result: nobody is to take it for words of the user. */
function besideTools({ content, id }: ToolResult, shown: FoundTools): readonly (Text | Picture)[] {
  const isShown = (part: Text | Picture): boolean => part.type === 'text' && refersTo(part, shown);
  const rest = content.some(isShown) ? content.filter((part) => isSaid(part) && !isShown(part)) : [];
  return rest.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: `<result of="${id}">\n${unended(part.text)}\n</result>` }
      : part,
  );
}

const unended = (text: string): string => text.replaceAll(/<(?=\/?result)/gi, '&lt;');

function resultOf(
  { id, content: parts, isError }: ToolResult,
  shown: FoundTools,
): Anthropic.ToolResultBlockParam {
  const references = parts.flatMap((part): Anthropic.ToolReferenceBlockParam[] =>
    part.type === 'text' && part.tool !== undefined && refersTo(part, shown)
      ? [{ type: 'tool_reference', tool_name: part.tool.name }]
      : [],
  );
  const content = references.length > 0 ? references : parts.filter(isSaid).map(shownOf);
  return {
    ...{ type: 'tool_result', tool_use_id: id, is_error: isError },
    ...(content.length === 0 ? {} : { content }),
  };
}

const shownOf = (part: Text | Picture): Anthropic.TextBlockParam | Anthropic.ImageBlockParam =>
  part.type === 'text'
    ? { type: 'text', text: part.text }
    : { type: 'image', source: { type: 'base64', media_type: part.mimeType, data: part.data } };

function partOf(part: TurnPart, model: string): readonly Anthropic.ContentBlockParam[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  if (part.type === 'call') return [{ type: 'tool_use', id: part.id, name: part.name, input: part.input }];
  if (part.model !== model) return [];
  return part.isRedacted
    ? [{ type: 'redacted_thinking', data: part.token }]
    : [{ type: 'thinking', thinking: part.text, signature: part.token }];
}
