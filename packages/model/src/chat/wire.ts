import type { Message, ModelRequest, Picture, Text, ToolResult, TurnPart } from '../model.ts';

type Json = Readonly<Record<string, unknown>>;

/** A request in the words of chat completions. */
export const chatOf = ({ system, tools, messages, maxTokens }: ModelRequest, model: string): Json => ({
  ...{ model, max_tokens: maxTokens, stream: true, stream_options: { include_usage: true } },
  messages: [
    ...(system === '' ? [] : [{ role: 'system', content: system }]),
    ...messages.flatMap(messagesOf),
  ],
  ...(tools.length === 0
    ? {}
    : {
        tools: tools.map(({ name, description, inputSchema }) => ({
          type: 'function',
          function: { name, description, parameters: { ...inputSchema, type: 'object' } },
        })),
      }),
});

function messagesOf(message: Message): readonly Json[] {
  if (message.role === 'assistant') return [turnOf(message.content)];
  const results = message.content.flatMap((part) => (part.type === 'result' ? [part] : []));
  const said = message.content.flatMap((part) => (part.type === 'result' ? [] : [part]));
  // pictures in results are not taken there: they come after all results, as the user's
  const shown = [...results.flatMap(({ content }) => content.filter(isPicture)), ...said];
  return [
    ...results.map(resultOf),
    ...(shown.length === 0 ? [] : [{ role: 'user', content: shown.map(partOf) }]),
  ];
}

const isPicture = (part: Text | Picture): boolean => part.type === 'picture';

const textIn = (parts: readonly { readonly type: string; readonly text?: string }[]): string =>
  parts.flatMap(({ type, text = '' }) => (type === 'text' ? [text] : [])).join('\n');

function resultOf({ id, content, isError }: ToolResult): Json {
  const pictures = content.some(isPicture) ? ['(The picture follows.)'] : [];
  const words = [...(isError ? ['Error:'] : []), textIn(content), ...pictures].filter((text) => text !== '');
  return { role: 'tool', tool_call_id: id, content: words.join('\n') };
}

const partOf = (part: Text | Picture): Json =>
  part.type === 'text'
    ? { type: 'text', text: part.text }
    : { type: 'image_url', image_url: { url: `data:${part.mimeType};base64,${part.data}` } };

function turnOf(content: readonly TurnPart[]): Json {
  const words = textIn(content);
  const calls = content.flatMap((part) =>
    part.type === 'call'
      ? [
          {
            id: part.id,
            type: 'function',
            function: { name: part.name, arguments: JSON.stringify(part.input) },
          },
        ]
      : [],
  );
  return {
    ...{ role: 'assistant', content: words === '' && calls.length > 0 ? null : words },
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}
