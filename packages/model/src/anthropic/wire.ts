import type Anthropic from '@anthropic-ai/sdk';
import type { Message, ModelRequest, Picture, Text, ToolResult, TurnPart } from '../model.ts';

const MARK = { cache_control: { type: 'ephemeral' } } as const;

/** What the service is sent, without what only one kind of call has. */
export type Prompt = Pick<Anthropic.MessageCreateParams, 'model' | 'system' | 'tools' | 'messages'>;

/** A request in the words of the service, marked where its cache may keep it. */
export const promptOf = ({ system, tools, messages }: ModelRequest, model: string): Prompt => ({
  model,
  // tools stand before the system, so that one mark is enough for both
  ...(system === '' ? {} : { system: [{ type: 'text', text: system, ...MARK }] }),
  ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
  messages: messagesOf(messages, model),
});

const toolOf = ({ name, description, inputSchema }: ModelRequest['tools'][number]): Anthropic.Tool => ({
  ...{ name, description },
  input_schema: { ...inputSchema, type: 'object' },
});

/** Marked at the end of the last two messages of the user: what the turn before wrote is read, the next one reads this. */
function messagesOf(messages: readonly Message[], model: string): Anthropic.MessageParam[] {
  const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2);
  return messages.map((message, index) => {
    if (message.role === 'assistant')
      return {
        role: 'assistant',
        content: message.content.filter(isSaid).flatMap((part) => partOf(part, model)),
      };
    const said = message.content.filter(isSaid);
    const content = said.map((part, at) =>
      ends.includes(index) && at === said.length - 1 ? { ...saidOf(part), ...MARK } : saidOf(part),
    );
    return { role: 'user', content };
  });
}

/** The service refuses texts without a character. */
const isSaid = (part: { readonly type: string; readonly text?: string }): boolean =>
  part.type !== 'text' || part.text !== '';

function saidOf(
  part: Text | Picture | ToolResult,
): Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.ToolResultBlockParam {
  if (part.type !== 'result') return shownOf(part);
  const content = part.content.filter(isSaid).map(shownOf);
  return {
    ...{ type: 'tool_result', tool_use_id: part.id, is_error: part.isError },
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
